import { tmpdir } from 'node:os';
import type { Lacking, Problem } from '../set/reports.ts';
import type { StepRecord } from '../systems.ts';
import { type BackupSystems, type Steps, startSteps } from '../systems.ts';
import { conduct } from './conduct.ts';
import { type ControlData, readControlData } from './control-data.ts';
import type { ExternalBackup, ExternalBackups, WalArchive } from './external.ts';
import { checkPages, checkRelations, type Inspection, inspectServer } from './inspect.ts';
import type { LiveCluster } from './live.ts';
import { backupDigest, type ExternalSubject } from './observe.ts';
import type { ExternalRehearsal } from './reports.ts';
import { startRestored } from './restored-server.ts';
import { createScratchCluster, type ScratchCluster } from './scratch-cluster.ts';
import { serverPrograms } from './server-programs.ts';

/** How and where a physical backup is tried. */
export interface Stage {
  /** Folder for the restored cluster; that for temporary files when null. */
  readonly scratch: string | null;
  /** Folder of the server's programs; the usual places when null. */
  readonly programs: string | null;
  /** `schema.name` of tables that have to be there. */
  readonly tables: readonly string[];
  /** As the server calls it. */
  readonly database: string;
  readonly live: LiveCluster | { readonly problem: string };
  /** As it was seen before the restore. */
  readonly archive: WalArchive | null;
}

export interface RehearsedExternal {
  readonly rehearsal: ExternalRehearsal;
  readonly steps: readonly StepRecord[];
}

const timed = { restore: 'restore', recover: 'recover', inspect: 'inspect' } as const;

type Seen = Omit<Inspection, 'recoveredTo'> & {
  readonly recoveredTo: Inspection['recoveredTo'] | null;
  readonly cluster: string | null;
};

const nothing: Seen = {
  differences: [],
  damage: [],
  recoveredTo: null,
  tables: [],
  checks: [],
  unchecked: [],
  lacking: [],
  cluster: null,
};

/**
 * Restores a backup through the tool that keeps it into a folder of this machine, recovers it to the
 * end of the archive on a server that nobody else reaches, and looks at it. Server and folder go with
 * the scope.
 * @throws Fault `tool-missing`, `tool-failed`; the signal's reason
 */
export async function rehearseExternal(
  backup: ExternalBackup,
  { backups, subject }: { readonly backups: ExternalBackups; readonly subject: ExternalSubject },
  stage: Stage,
  systems: BackupSystems,
): Promise<RehearsedExternal> {
  const steps = startSteps(systems);
  const seen = await tryOut(backup, backups, stage, steps, systems);
  const { differences, damage, lacking } = seen;
  const isBad = differences.length + damage.length > 0;
  const restoreMs = steps.duration(timed.restore) + steps.duration(timed.recover);
  const rehearsal: ExternalRehearsal = {
    formatVersion: 1,
    set: backup.label,
    manifest: backupDigest(backup, backups),
    at: systems.clock.now().toISOString(),
    tool: { name: 'deploycheck', version: systems.toolVersion },
    signature: null,
    verdict: isBad ? 'bad' : lacking.length > 0 ? 'could-not-check' : 'good',
    server: null,
    measured: {
      restoreMs,
      databaseMs: restoreMs,
      bucketsMs: 0,
      compareMs: steps.duration(timed.inspect),
      bytes: backup.databaseBytes ?? 0,
    },
    ...{ differences, damage, lacking },
    external: {
      tool: backups.tool,
      place: backups.place,
      database: subject.database,
      systemIdentifier: seen.cluster,
      recoveredTo: seen.recoveredTo,
      tables: seen.tables,
      checks: seen.checks,
      unchecked: seen.unchecked,
    },
  };
  return { rehearsal, steps: steps.records };
}

const lacks = (lacking: Lacking): Seen => ({ ...nothing, lacking: [lacking] });
const damaged = (problem: Problem): Seen => ({ ...nothing, damage: [problem] });

async function tryOut(
  backup: ExternalBackup,
  backups: ExternalBackups,
  stage: Stage,
  steps: Steps,
  systems: BackupSystems,
): Promise<Seen> {
  const { adapters, signal } = systems;
  const { serverMajor } = backup;
  if (process.getuid?.() === 0) {
    const why =
      'a PostgreSQL server does not start as root; run this as the user who may read the backups';
    return lacks({ what: 'an unprivileged user', why });
  }
  if (serverMajor === null || serverMajor < 12) {
    const why =
      serverMajor === null ? 'the tool does not say it' : `${serverMajor} is older than 12`;
    return lacks({ what: 'a version of PostgreSQL that can be rehearsed', why });
  }
  const processes = await adapters.processes();
  const found = await serverPrograms(serverMajor, stage.programs, processes, signal);
  if ('lacking' in found) return lacks(found.lacking);
  const parent = stage.scratch ?? tmpdir();
  const made = await createScratchCluster(parent, backup.databaseBytes, systems);
  if ('lacking' in made) return lacks(made.lacking);
  const { scratch } = made;
  const restored = await steps.run(timed.restore, () =>
    backups.restore(backup, { data: scratch.data, beside: scratch.beside }, signal),
  );
  if (restored.outcome === 'lacking') return lacks(restored.lacking);
  if (restored.outcome === 'damaged') return damaged(restored.problem);
  const { programs } = found;
  const control = await controlOf(programs.named('pg_controldata'), scratch, systems);
  if (control?.systemIdentifier == null) {
    const problem = 'what was restored has no readable control file';
    return damaged({ path: backup.label, problem });
  }
  const cluster = control.systemIdentifier;
  const live = 'problem' in stage.live ? null : stage.live;
  const started = await steps.run(timed.recover, () =>
    startRestored(
      {
        label: backup.label,
        ...{ scratch, programs, control, major: serverMajor },
        restoreCommand: restored.restoreCommand,
        env: restored.env,
        user: live?.superuser ?? 'postgres',
      },
      systems,
    ),
  );
  if ('lacking' in started) return { ...lacks(started.lacking), cluster };
  if ('damaged' in started) return { ...damaged(started.damaged), cluster };
  const { server } = started;
  return steps.run(timed.inspect, async () => {
    const { database, tables } = stage;
    const lastSegment = stage.archive?.last ?? null;
    const inspecting = { backup, server, live, lastSegment, database, tables };
    const inspection = await inspectServer(inspecting, systems);
    const of = { backup, programs, scratch };
    const relations = await checkRelations(of, server, systems);
    await server.stop();
    const pages = await checkPages(of, control, systems);
    return {
      ...inspection,
      damage: [...inspection.damage, ...relations.damage, ...pages.damage],
      checks: [...relations.checks, ...pages.checks],
      unchecked: [...relations.unchecked, ...pages.unchecked],
      cluster,
    };
  });
}

async function controlOf(
  program: string,
  { data, folder }: ScratchCluster,
  { adapters, signal }: Pick<BackupSystems, 'adapters' | 'signal'>,
): Promise<ControlData | undefined> {
  const env = { LC_ALL: 'C' };
  const processes = await adapters.processes();
  const end = await conduct(processes, program, ['-D', data], { signal, cwd: folder, env });
  return end.exitCode === 0 ? readControlData(end.stdout) : undefined;
}
