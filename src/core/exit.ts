/**
 * Exit codes: 0 go · 1 no-go · 2 usage, configuration, empty input · 3 pending or inconclusive ·
 * 4 stale, expired or bad signature · 5 environment fault or --timeout · 70 bug · 130/143 signals.
 */
export type ExitCode = 0 | 1 | 2 | 3 | 4 | 5 | 70 | 130 | 143;

/** Gravest first: when several codes apply, the earliest in this list is the one reported. */
const gravestFirst: readonly ExitCode[] = [130, 143, 70, 2, 1, 4, 5, 3, 0];

/** The code that stands for all of them; 0 when there are none. */
export function gravest(codes: Iterable<ExitCode>): ExitCode {
  const present = new Set(codes);
  return gravestFirst.find((code) => present.has(code)) ?? 0;
}

/** One word a person can read beside the number. */
export const exitMeaning = {
  0: 'go',
  1: 'no-go: findings at or above the threshold',
  2: 'the command, its configuration or its input is wrong',
  3: 'pending: something could not be decided yet',
  4: 'a signature is stale, expired or bad, or a record was altered',
  5: 'the environment failed or the time ran out',
  70: 'a bug in deploycheck',
  130: 'interrupted',
  143: 'terminated',
} as const satisfies Record<ExitCode, string>;
