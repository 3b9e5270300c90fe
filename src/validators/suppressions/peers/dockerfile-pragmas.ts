import { anywhere, type Suppression, type Suppressor } from '../../../core/suppress.ts';
import type { Dockerfile } from '../../dockerfile/dockerfile.ts';
import type { Comment } from '../../dockerfile/parse.ts';
import { instructionAnchors } from '../written-in-dockerfile.ts';
import type { PeerNote, PeerWords } from './annotations.ts';
import {
  type DockerfilePeer,
  type DockerfileRule,
  dockerfileChecks,
  rulesOfCheck,
} from './dockerfile-checks.ts';

/** A comment that another tool understands. */
interface Pragma {
  readonly by: DockerfilePeer & Suppressor;
  readonly checks: readonly string[];
  readonly isGlobal: boolean;
  readonly reason: string;
  readonly comment: Pick<Comment, 'place' | 'about'>;
}

/**
 * `# hadolint ignore=` above an instruction and `# hadolint global ignore=`
 * (https://github.com/hadolint/hadolint#inline-ignores), and `# check=skip=` at the top and above an instruction
 * (https://docs.docker.com/build/checks/#skip-checks).
 * @param isDeaf `disable-ignore-pragma` of .hadolint.yaml is set
 */
export function pragmasIn(dockerfile: Dockerfile, isDeaf = false): PeerWords {
  const pragmas = dockerfile.comments.flatMap((comment) => [
    ...(isDeaf ? [] : ofHadolint(dockerfile, comment)),
    ...ofBuildKit(dockerfile, comment),
  ]);
  const parts = pragmas.flatMap((pragma) =>
    pragma.checks.map((check) => ofCheck(dockerfile, pragma, check)),
  );
  return {
    suppressions: parts.flatMap(({ suppressions }) => suppressions),
    notes: parts.flatMap(({ notes }) => notes),
  };
}

const hadolint =
  /^#\s*hadolint\s+(global\s+)?ignore\s*=\s*([A-Z]+\d+(?:\s*,\s*[A-Z]+\d+)*)\s*(?:#\s*(.*))?$/;

function ofHadolint(dockerfile: Dockerfile, comment: Comment): readonly Pragma[] {
  const [, global, list, reason = ''] = hadolint.exec(comment.text) ?? [];
  if (list === undefined) return [];
  const isGlobal = global !== undefined;
  if (!isGlobal && !isDirectlyAbove(dockerfile, comment)) return [];
  return [{ by: 'hadolint', checks: split(list), isGlobal, reason, comment }];
}

/** Comments may stand between, empty lines may not. */
function isDirectlyAbove({ comments }: Dockerfile, { place, about }: Comment): boolean {
  const lines = new Set(comments.map((one) => one.place.line));
  for (let line = place.line + 1; line < about; line++) if (!lines.has(line)) return false;
  return about > place.line;
}

const buildKit = /^#\s*check\s*=\s*(.*)$/i;

function ofBuildKit(dockerfile: Dockerfile, comment: Comment): readonly Pragma[] {
  const value = buildKit.exec(comment.text)?.[1];
  const skipped = value?.split(';').map((part) => /^\s*skip\s*=(.*)$/.exec(part)?.[1]);
  const list = skipped?.find((part) => part !== undefined);
  if (list === undefined) return [];
  const isGlobal = dockerfile.directives.some(({ place }) => place.line === comment.place.line);
  const names = split(list);
  const checks = names.includes('all') ? Object.keys(dockerfileChecks.buildkit) : names;
  return [{ by: 'buildkit', checks, isGlobal, reason: '', comment }];
}

const split = (list: string): string[] =>
  list
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function ofCheck(dockerfile: Dockerfile, pragma: Pragma, check: string): PeerWords {
  const { by, comment, isGlobal, reason, checks } = pragma;
  const where = () => ({ file: dockerfile.file, ...comment.place });
  const note = (id: PeerNote['id']): PeerWords => ({
    suppressions: [],
    notes: [{ peer: by, id, about: check, where }],
  });
  const rules = rulesOfCheck(by, check);
  if (rules === undefined) return note('unknown-check');
  // Who skips all checks named none that could be missed.
  const all = checks.length === Object.keys(dockerfileChecks.buildkit).length;
  if (rules.length === 0) return all ? { suppressions: [], notes: [] } : note('no-counterpart');
  const anchors = isGlobal ? [anywhere] : instructionAnchors(dockerfile, comment.about);
  const suppressions = rules.map(
    (rule): Suppression => ({
      ...{ by, rule: rule.rule, anchors, until: null, where },
      reason: reason === '' ? `${check}, no reason given` : reason,
      reasonless: reason === '',
      covers: ({ location: { file }, messageId }) =>
        file === dockerfile.file && isSaid(rule, messageId),
      name: `the comment for ${check}`,
    }),
  );
  return { suppressions, notes: [] };
}

export const isSaid = ({ messages }: DockerfileRule, messageId: string): boolean =>
  messages === undefined || messages.includes(messageId);
