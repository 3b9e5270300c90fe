import { resolve } from 'node:path';
import { durationText } from '../backup/age-text.ts';
import { type DrillPlaces, drill } from '../backup/drill/drill.ts';
import { backupSet, setView } from '../backup/observation.ts';
import { keepReport, withoutNames } from '../backup/set/reports.ts';
import { distrustOf, trustedSet } from '../backup/set/signature.ts';
import { openRepository } from '../backup/sources.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { Fault } from '../core/fault.ts';
import { measured } from '../core/judged-record.ts';
import { writeMetrics } from './backup-metrics.ts';
import { backupLimits, databaseRefOf, repositoryPlace } from './backup-plan.ts';
import type { BackupFlags, Observed } from './backup-run.ts';
import type { CommandContext } from './base.ts';

export interface DrillFlags extends BackupFlags {
  readonly server?: string | undefined;
  readonly store?: string | undefined;
  readonly 'store-access-key'?: string | undefined;
  readonly 'store-secret-key'?: string | undefined;
}

/** `backup drill`: everything is gone, but for the repository. */
export async function drillSet(
  { config }: CommandContext,
  flags: DrillFlags,
  name: string,
  systems: BackupSystems,
): Promise<Observed> {
  const { clock, signal, scope } = systems;
  const disaster = { at: clock.now(), began: clock.monotonic() };
  const limits = backupLimits(config.value);
  const places = placesOf(flags);
  const place = repositoryPlace(config, flags);
  const repository = await openRepository(place, systems);
  await scope.defer('connections of the repository', () => repository.close());
  const { signing } = place;
  const set = await trustedSet({ repository, signing }, name, systems);
  const seen = {
    observedAt: disaster.at.toISOString(),
    repository: repository.place,
    limits,
    wanted: {
      environment: set.manifest?.environment ?? null,
      database: set.manifest?.database?.name ?? null,
      buckets: set.manifest?.buckets.map((bucket) => bucket.name) ?? [],
    },
    set: setView(set),
    live: null,
    verification: null,
  };
  const rules = ['backup/intact', 'backup/equal', 'backup/restore-time', 'backup/fresh'];
  if (!set.manifest) {
    const closing = `set ${set.set} cannot be restored`;
    const observation = backupSet({ ...seen, rehearsal: null });
    return { observation, rules, steps: [], measurements: [], closing };
  }
  const drilled = await drill(set, places, disaster, repository, systems);
  const { rehearsal, steps, recoveryMs, lostMs, notExamined } = drilled;
  const kept = set.manifest.encryption ? withoutNames(rehearsal) : rehearsal;
  const notKept = await keepReport(repository, 'rehearsals', kept, signal);
  const distrusted = distrustOf(repository, place, systems);
  await writeMetrics(flags, repository, { wanted: seen.wanted, limits, distrusted }, systems);
  const whole = rehearsal.verdict === 'good';
  // What is promised is the time from the disaster on, with all that comes before restoring and after.
  const measuredWhole = { ...rehearsal.measured, restoreMs: recoveryMs };
  return {
    observation: backupSet({ ...seen, rehearsal: { ...rehearsal, measured: measuredWhole } }),
    rules,
    steps,
    measurements: [
      ...(whole
        ? [measured('backup.drill-rto', recoveryMs / 1000, 's', limits.restoreMs / 1000)]
        : []),
      measured('backup.drill-rpo', lostMs / 1000, 's', limits.rpoMs / 1000),
    ],
    notExamined,
    closing: [
      whole
        ? `everything in ${set.set} was restored and compared after ${durationText(recoveryMs)} (promised ${durationText(limits.restoreMs)}); what was written in the last ${durationText(lostMs)} would be lost (limit ${durationText(limits.rpoMs)})`
        : `set ${set.set} is ${rehearsal.verdict.replaceAll('-', ' ')}, and was not restored`,
      ...(notKept === undefined ? [] : [`not noted in the repository: ${notKept}`]),
    ].join('\n'),
  };
}

/** @throws Fault `usage-invalid` */
function placesOf(flags: DrillFlags): DrillPlaces {
  const { server, store } = flags;
  const [accessKey, secretKey] = [flags['store-access-key'], flags['store-secret-key']];
  const keys =
    accessKey !== undefined && secretKey !== undefined
      ? { accessKey: reference(accessKey), secretKey: reference(secretKey) }
      : undefined;
  return {
    server: server === undefined ? null : databaseRefOf(server, process.cwd()),
    store: store === undefined ? null : { endpoint: store, ...(keys && { credentials: keys }) },
  };
}

function reference(text: string): string {
  if (/^env:./.test(text)) return text;
  if (/^file:./.test(text)) return `file:${resolve(text.slice('file:'.length))}`;
  throw new Fault(
    'usage-invalid',
    'a key of a store is named as env:NAME or file:PATH, so that it is not in the command',
  );
}
