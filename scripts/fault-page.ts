import { exitMeaning } from '../src/core/exit.ts';
import { type FaultEntry, faultCodes } from '../src/core/fault-codes.ts';
import type { Generated } from './generated.ts';

/** The catalogue of faults, and the exit codes. */
export function faultPage(): Generated {
  const entries: [string, FaultEntry][] = Object.entries(faultCodes);
  const text = [
    '# Faults and exit codes',
    '',
    'A *finding* says that the release is wrong. A *fault* says that deploycheck could not look.',
    '',
    '## Exit codes',
    '',
    '| code | meaning |',
    '| --- | --- |',
    ...Object.entries(exitMeaning).map(([code, meaning]) => `| ${code} | ${meaning} |`),
    '',
    'When several apply, the first of this order is returned: 130/143, 70, 2, 1, 4, 5, 3, 0.',
    '',
    '## Faults',
    ...entries.flatMap(([code, { who, exit, means, hint }]) => [
      '',
      `### ${code}`,
      '',
      `${means} Exit ${exit}; it is up to the ${who}.`,
      '',
      hint,
    ]),
    '',
    '### internal',
    '',
    'A bug in deploycheck: the message carries the stack. Exit 70.',
    '',
  ].join('\n');
  return { file: 'docs/faults.md', text };
}
