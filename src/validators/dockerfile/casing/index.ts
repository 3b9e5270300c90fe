import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { fixOf, replaced, replacing } from '../fix.ts';
import type { Instruction, Word } from '../instruction.ts';

/** Keywords, AS, stage names and protocols are written in one way. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/casing',
  title: 'Keywords and names in one case',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Names of stages are told apart without regard to case in one place and with it in another, and a file in which keywords look alike is read without mistakes.',
    messages: {
      keyword: '{{written}} is not written like the other keywords of the file',
      as: '{{as}} is not written like {{from}}',
      stage: 'the stage {{name}} should be in small letters',
      protocol: 'the protocol of {{port}} should be in small letters',
    },
    remediation: 'Write keywords in capitals, names of stages and protocols in small letters.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22 as Build\nrun true\nEXPOSE 80/TCP\n',
      findings: [
        { messageId: 'as', line: 1, column: 18 },
        { messageId: 'stage', line: 1, column: 21 },
        { messageId: 'keyword', line: 2, column: 1 },
        { messageId: 'protocol', line: 3, column: 8 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22 AS build\nRUN true\nEXPOSE 80/tcp\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/consistent-instruction-casing/',
      'https://docs.docker.com/reference/build-checks/from-as-casing/',
      'https://docs.docker.com/reference/build-checks/stage-name-casing/',
      'https://docs.docker.com/reference/build-checks/expose-proto-casing/',
    ],
  },
  run({ target }) {
    const { instructions } = target;
    const capitals = instructions.filter(({ written }) => isUpper(written)).length;
    const wanted = capitals * 2 >= instructions.length ? isUpper : isLower;
    const inCase = (keyword: string) =>
      wanted === isUpper ? keyword.toUpperCase() : keyword.toLowerCase();
    return instructions.flatMap((one) => [
      ...(wanted(one.written)
        ? []
        : [
            {
              ...draftAt(target, one.place, 'keyword', { written: one.written }),
              fix: fixOf(
                `write ${inCase(one.written)} instead of ${one.written}`,
                // AS is written as its FROM is.
                [{ text: one.written, place: one.place }, ...asOf(one)].map((word) =>
                  replaced(target, word, inCase(word.text)),
                ),
              ),
            },
          ]),
      ...(one.keyword === 'FROM' ? ofFrom(target, one) : []),
      ...(ofKeyword([one], 'EXPOSE').length > 0 ? ofExpose(target, one) : []),
    ]);
  },
};

const isUpper = (text: string): boolean => text === text.toUpperCase();
const isLower = (text: string): boolean => text === text.toLowerCase();

const asOf = ({ keyword, words: [, as] }: Instruction): readonly Word[] =>
  keyword === 'FROM' && as?.text.toLowerCase() === 'as' ? [as] : [];

function ofFrom(target: Dockerfile, { words: [, as, name], written }: Instruction): Draft[] {
  if (as?.value.toLowerCase() !== 'as') return [];
  const drafts: Draft[] = [];
  // A keyword in mixed case has a finding of its own.
  const differs = isUpper(written) ? !isUpper(as.text) : isLower(written) && !isLower(as.text);
  if (differs) {
    drafts.push({
      ...draftAt(target, as.place, 'as', { as: as.text, from: written }),
      fix: replacing(target, as, isUpper(written) ? 'AS' : 'as'),
    });
  }
  if (name && !isLower(name.value)) {
    drafts.push(draftAt(target, name.place, 'stage', { name: name.value }));
  }
  return drafts;
}

function ofExpose(target: Dockerfile, { words }: Instruction): Draft[] {
  return words.flatMap(({ value, text, place }) => {
    const protocol = /\/([A-Za-z]+)$/.exec(value)?.[1];
    if (protocol === undefined || isLower(protocol)) return [];
    const lower = text.replace(/\/[A-Za-z]+$/, (found) => found.toLowerCase());
    return [
      {
        ...draftAt(target, place, 'protocol', { port: value }),
        fix: replacing(target, { text, place }, lower),
      },
    ];
  });
}
