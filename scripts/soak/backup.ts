import { openDamage } from '../../test/flows/backup/tries/damage.ts';
import { onBed } from './on-bed.ts';
import type { Scenario } from './scenario.ts';

/** What backup and restore claim; a test tries each a few times, in test/flows/backup/tries.test.ts. */
export const backupScenarios: readonly Scenario[] = [
  {
    name: 'backup-damage',
    claim:
      'a set that was changed is reported by `verify` or refused, and `restore` puts nothing of it in place; what is not to be found out by design is counted as `by design`',
    count: 10_000,
    open: () => onBed(['postgres', 'minio'], openDamage),
  },
];
