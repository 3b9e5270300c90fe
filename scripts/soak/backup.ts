import { openBucketRoundTrip } from '../../test/flows/backup/tries/bucket-round-trip.ts';
import { openDamage } from '../../test/flows/backup/tries/damage.ts';
import { openKill } from '../../test/flows/backup/tries/kill.ts';
import { openRegression } from '../../test/flows/backup/tries/regression.ts';
import { openRoundTrip } from '../../test/flows/backup/tries/round-trip.ts';
import { openWriteLoad } from '../../test/flows/backup/tries/write-load.ts';
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
  {
    name: 'backup-kill',
    claim:
      'backup, rehearsal and restore that are ended at a random moment of any step leave no set that looks good and is not, older sets and what they were to replace as they were, and once `clean` has run nothing else; the next run succeeds',
    count: 220,
    open: () => onBed(['postgres', 'minio', 'toxiproxy'], openKill),
  },
  {
    name: 'backup-round-trip',
    claim:
      'a generated database comes back as it was, by the text that pg_dump writes of both, with rows sorted, and the rows of materialised views, which come back as a refresh makes them',
    count: 200,
    open: () => onBed(['postgres'], openRoundTrip),
  },
  {
    name: 'backup-bucket-round-trip',
    claim:
      'a generated bucket comes back as it was, by what the client of MinIO says of both: keys, contents, headers, metadata and tags',
    count: 100,
    open: () => onBed(['minio'], openBucketRoundTrip),
  },
  {
    name: 'backup-write-load',
    claim:
      'a backup under the transactions of pgbench and writes of objects rehearses as equal, and in the copy balances and history agree, and no key is above its sequence',
    count: 40,
    open: () => onBed(['postgres', 'minio'], openWriteLoad),
  },
  {
    name: 'backup-regression-database',
    claim:
      "the database of PostgreSQL's own regression tests, whose files DEPLOYCHECK_REGRESS names, rehearses as equal but for what is named",
    count: 1,
    open: () => onBed(['postgres'], openRegression),
  },
];
