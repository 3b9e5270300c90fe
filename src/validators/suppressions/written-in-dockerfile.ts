import type { Draft } from '../../core/finding.ts';
import { lineAnchor, type Suppression } from '../../core/suppress.ts';
import type { Dockerfile } from '../dockerfile/dockerfile.ts';
import type { Comment } from '../dockerfile/parse.ts';
import { partsOf } from './comments.ts';
import { readReason } from './reason.ts';
import type { Written } from './written.ts';

const marker = /^#+\s*deploycheck-ignore(.*)$/s;

/** What comments of a Dockerfile accept: of the instruction that they stand above or in. */
export function writtenInDockerfile(dockerfile: Dockerfile): Written {
  const known = read.get(dockerfile);
  if (known) return known;
  const parts = dockerfile.comments.flatMap((comment) => {
    const text = marker.exec(comment.text)?.[1];
    return text === undefined ? [] : [ofComment(dockerfile, comment, text)];
  });
  const written = {
    suppressions: parts.flatMap(({ suppressions }) => suppressions),
    drafts: parts.flatMap(({ drafts }) => drafts),
  };
  read.set(dockerfile, written);
  return written;
}

const read = new WeakMap<Dockerfile, Written>();

function ofComment(dockerfile: Dockerfile, comment: Comment, text: string): Written {
  const location = { file: dockerfile.file, ...comment.place };
  const problem = (messageId: string, data: Readonly<Record<string, string>>): Written => {
    const draft: Draft = { messageId, data: { what: 'the comment', ...data }, location };
    return { suppressions: [], drafts: [draft] };
  };
  const parts = partsOf(text);
  if (!parts) return problem('malformed', { form: '# deploycheck-ignore RULE -- REASON' });
  const said = readReason(parts.reason ?? '');
  const rules = parts.rules.join(', ');
  if ('badDate' in said) return problem('bad-date', { date: said.badDate, rule: rules });
  if (said.reason === '') return problem('no-reason', { rule: rules });
  const anchors = instructionAnchors(dockerfile, comment.about);
  return {
    drafts: [],
    suppressions: parts.rules.map(
      (rule): Suppression => ({
        ...{ ...said, by: 'comment', rule, anchors, name: 'the comment' },
        where: () => location,
      }),
    ),
  };
}

/** Every line of the instruction that begins in a line. */
export function instructionAnchors(
  { file, instructions }: Pick<Dockerfile, 'file' | 'instructions'>,
  line: number,
): readonly string[] {
  const own = instructions.find(({ place, onBuild }) => place.line === line && !onBuild);
  if (!own) return [];
  return Array.from({ length: own.lastLine - line + 1 }, (_, at) => lineAnchor(file, line + at));
}
