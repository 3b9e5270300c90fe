import type { Check } from '../../../core/check.ts';
import { nearest } from '../../../core/suggest.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';

const keywords = [
  ...['ADD', 'ARG', 'CMD', 'COPY', 'ENTRYPOINT', 'ENV', 'EXPOSE', 'FROM', 'HEALTHCHECK', 'LABEL'],
  ...['MAINTAINER', 'ONBUILD', 'RUN', 'SHELL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
];
const isKeyword = new Set(keywords);

/** A build would refuse the file, or is going to. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/syntax',
  title: 'A build can read the Dockerfile',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'What BuildKit cannot read it does not build, and an instruction before the first FROM belongs to no image.',
    messages: {
      'unknown-instruction': '{{what}} is no instruction{{hint}}',
      'no-arguments': '{{what}} needs something after it',
      'before-from': '{{what}} stands before the first FROM, where only ARG may',
      'no-from': 'there is no FROM, so there is nothing to build',
      'unfinished-heredoc': 'the document <<{{what}} has no line {{what}} that ends it',
      'empty-continuation':
        'an empty line in a continued instruction, which BuildKit is going to refuse',
      'no-shell-list': 'SHELL needs a JSON list of texts',
    },
    remediation: 'Mend the line; `docker build --check` says the same where BuildKit runs.',
    bad: {
      language: 'dockerfile',
      text: 'COPY app /app\nFROM alpine:3.22\nRUM apk add --no-cache tini\n',
      findings: [
        { messageId: 'before-from', line: 1, column: 1 },
        { messageId: 'unknown-instruction', line: 3, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'ARG VERSION=3.22\nFROM alpine:$VERSION\nCOPY app /app\nRUN apk add --no-cache tini\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/dockerfile/#format',
      'https://docs.docker.com/reference/build-checks/no-empty-continuation/',
    ],
  },
  run({ target }) {
    const { instructions, problems, stages } = target;
    const own = instructions.filter(({ onBuild }) => !onBuild);
    const wrong = instructions.flatMap(({ keyword, written, place, body, flags, json }) => {
      const what = shown(written);
      if (!isKeyword.has(keyword)) {
        const near = nearest(keyword, keywords);
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        return [draftAt(target, place, 'unknown-instruction', { what, hint })];
      }
      if (body.text === '' && flags.length === 0) {
        return [draftAt(target, place, 'no-arguments', { what })];
      }
      return keyword === 'SHELL' && !json ? [draftAt(target, place, 'no-shell-list')] : [];
    });
    const early = own
      .filter(({ stage, keyword }) => stage === -1 && keyword !== 'ARG' && isKeyword.has(keyword))
      .map(({ place, written }) => draftAt(target, place, 'before-from', { what: written }));
    return [
      ...(stages.length === 0 ? [draftAt(target, { line: 1, column: 1 }, 'no-from')] : early),
      ...wrong,
      ...problems.map(({ id, place, what }) => ({
        ...draftAt(target, place, id, id === 'empty-continuation' ? {} : { what }),
        ...(id === 'empty-continuation' && {
          severity: 'warning' as const,
          fix: withoutEmpty(target, place.line),
        }),
      })),
    ];
  },
};

/** Takes a line out with the empty ones around it, all of which have the same finding. */
function withoutEmpty({ file, lines }: Dockerfile, line: number) {
  const isEmpty = (at: number) => lines[at - 1]?.trim() === '';
  let first = line;
  while (isEmpty(first - 1)) first -= 1;
  let next = line + 1;
  while (isEmpty(next) && next < lines.length) next += 1;
  const edits = [
    { file, from: { line: first, column: 1 }, to: { line: next, column: 1 }, text: '' },
  ];
  return { description: 'take the empty lines of an instruction out', edits };
}
