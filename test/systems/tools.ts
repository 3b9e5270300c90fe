import { spawnSync } from 'node:child_process';
import { missing } from './missing.ts';

/** Whether a program that a test needs is there: `describe.skipIf(!hasTool('git'))`. */
export function hasTool(name: string): boolean {
  const { error } = spawnSync(name, ['--help'], { stdio: 'ignore' });
  return !(error && missing(name));
}
