import { Fault } from '../core/fault.ts';
import type { KnownRevision } from './history.ts';

export interface Choice {
  readonly target: KnownRevision | null;
  /** Why this one, or why none. */
  readonly choice: string;
}

/**
 * The revision to go back to: the one asked for, else the newest that was proven healthy, else the
 * newest of which nothing is known. Never one that is known to have failed.
 * @throws Fault `usage-invalid` for a number that the history does not have
 */
export function chooseTarget(revisions: readonly KnownRevision[], asked?: number): Choice {
  const current = revisions.find((revision) => revision.current);
  const others = revisions.filter(({ template }) => template !== current?.template).toReversed();
  if (asked !== undefined) return chosen(revisions, asked);
  const healthy = others.find(({ health }) => health === 'healthy');
  if (healthy) {
    const passed = others
      .filter(({ number }) => number > healthy.number)
      .map(({ number }) => number);
    const over =
      passed.length === 0 ? '' : `; passed over ${passed.join(', ')}, not proven healthy`;
    return { target: healthy, choice: `newest proven healthy: ${healthy.healthBy}${over}` };
  }
  const unknown = others.find(({ health }) => health === 'unknown');
  if (unknown) {
    return { target: unknown, choice: 'newest of the history; none is proven healthy' };
  }
  const choice =
    others.length === 0
      ? 'the history has no other revision'
      : 'every other revision is known to have failed';
  return { target: null, choice };
}

function chosen(revisions: readonly KnownRevision[], asked: number): Choice {
  const target = revisions.find(({ number }) => number === asked);
  const numbers = revisions.map(({ number }) => number).join(', ');
  if (!target) {
    throw new Fault(
      'usage-invalid',
      `--to-revision ${asked}: the history has ${numbers === '' ? 'no revisions' : numbers}`,
    );
  }
  if (target.current) {
    throw new Fault('usage-invalid', `--to-revision ${asked}: that one is running now`);
  }
  return { target, choice: 'asked for with --to-revision' };
}

/** The revision that runs, before a release comes in its place. */
export function runningTarget(revisions: readonly KnownRevision[]): Choice {
  const target = revisions.findLast(({ current }) => current) ?? null;
  return target
    ? { target, choice: 'what runs now, before the release comes' }
    : { target, choice: 'the history does not have what runs now' };
}
