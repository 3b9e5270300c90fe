import { backupSet } from '../backup/observation.ts';
import { observeRepository } from '../backup/observe.ts';
import { planRestore, type RestoreTarget } from '../backup/restore/plan.ts';
import { restoreSet } from '../backup/restore/restore.ts';
import { selectionOf } from '../backup/restore/selection.ts';
import type { NamedBucket } from '../backup/restore/target.ts';
import { trustedSet } from '../backup/set/signature.ts';
import { type BackupSource, openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { Fault } from '../core/fault.ts';
import { measured } from '../core/judged-record.ts';
import {
  backupLimits,
  backupSource,
  databaseRefOf,
  repositoryPlace,
  wantedOf,
} from './backup-plan.ts';
import type { BackupFlags, Observed } from './backup-run.ts';
import type { CommandContext } from './base.ts';

export interface RestoreFlags extends BackupFlags {
  readonly to?: string | undefined;
  readonly database?: string | undefined;
  readonly bucket?: readonly string[] | undefined;
  readonly table?: readonly string[] | undefined;
  readonly schema?: readonly string[] | undefined;
  readonly replace: boolean;
  readonly yes: boolean;
}

/** @throws Fault `usage-invalid` */
export function requireSet(name: string | undefined): string {
  if (name !== undefined) return name;
  throw new Fault('usage-invalid', 'name the set to restore, or last');
}

/** `restore`: says what it will write, asks, writes, and looks at the outcome. */
export async function restore(
  context: CommandContext,
  flags: RestoreFlags,
  name: string,
  systems: BackupSystems,
): Promise<Observed> {
  const { config } = context;
  const { signal, clock } = systems;
  const source = backupSource(config, flags.env);
  const target = targetOf(flags, source);
  const place = repositoryPlace(config, flags);
  const repository = await openRepository(place, systems);
  await systems.scope.defer('connections of the repository', () => repository.close());
  const set = await trustedSet({ repository, signing: place.signing }, name, systems);
  if (!set.manifest) {
    throw new Fault('set-missing', `the manifest of ${set.set} cannot be read: ${set.problem}`);
  }
  const plan = await planRestore(set.manifest, target, systems);
  process.stderr.write(
    context.redact(`${[`restores the set ${set.set}:`, ...plan.lines].join('\n')}\n`),
  );
  if (!flags.yes) {
    const prompt = await context.adapters.prompt();
    const agreed = await prompt.confirm('Restore as described?', '--yes', signal);
    if (!agreed) throw new Fault('restore-refused', 'you did not agree, and nothing was written');
  }
  const { outcome, switched, keptAs, steps } = await restoreSet(set, target, repository, systems);
  const limits = backupLimits(config.value);
  const wanted = wantedOf(source);
  const seen = await observeRepository(repository, { wanted, limits, clock, signal }, set);
  const limit = limits.restoreMs / 1000;
  return {
    // An earlier reading is not what this command saw.
    observation: backupSet({ ...seen, verification: null, rehearsal: outcome }),
    rules: ['backup/equal', 'backup/intact'],
    steps,
    // The time of a part says nothing of that of the whole.
    measurements: target.selection
      ? []
      : [measured('backup.restore-time', outcome.measured.restoreMs / 1000, 's', limit)],
    closing: [
      ...(switched ? [`restored as the database ${flags.database}`] : []),
      ...(target.database && !switched
        ? ['the database was not put in place, and the target is as it was']
        : []),
      ...(keptAs === null
        ? []
        : [
            `the database that was there is kept as ${keptAs}`,
            'deploycheck restore --rollback gives it its name back',
          ]),
      ...target.buckets.map((bucket) => `restored the bucket ${bucket.of} as ${bucket.name}`),
      ...(outcome.notes ?? []).map(({ what, why }) => `not restored: ${what}: ${why}`),
    ].join('\n'),
  };
}

/** @throws Fault `usage-invalid` */
function targetOf(flags: RestoreFlags, source: BackupSource): RestoreTarget {
  const { to, database, replace } = flags;
  return {
    database:
      to === undefined || database === undefined
        ? null
        : { server: databaseRefOf(to, process.cwd()), name: database },
    buckets: (flags.bucket ?? []).map((text) => namedBucket(text, source)),
    replace,
    selection: selectionOf(flags.table, flags.schema),
  };
}

function namedBucket(text: string, { buckets }: BackupSource): NamedBucket {
  const at = text.indexOf('=');
  const [of, name] = [text.slice(0, at), text.slice(at + 1)];
  const place = buckets.find((bucket) => bucket.name === of)?.ref;
  if (at < 1 || name === '' || !place) {
    const names = buckets.map((bucket) => bucket.name).join(', ') || 'none';
    throw new Fault(
      'usage-invalid',
      `--bucket ${text}: expected NAME=NEW, with a NAME of this environment: ${names}`,
    );
  }
  return { of, place, name };
}
