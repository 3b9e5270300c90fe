import type { ProcessEnd, ProcessRunner } from '../../../adapters/process/process.ts';
import { Fault } from '../../../core/fault.ts';
import { saidLast } from '../../database/client-tools.ts';
import { conduct, eachLine, shellWord } from '../conduct.ts';
import {
  type ExternalBackup,
  type ExternalBackups,
  type Restored,
  unknownArchive,
  unknownSize,
} from '../external.ts';
import { gapsIn, newestOf, readHistory, type Switch, timelineOf } from '../wal.ts';
import { historyInLine, type PgBackRestBackup, parseInfo, segmentInLine } from './parse.ts';

export interface PgBackRestRef {
  readonly stanza: string;
  /** Number of the only repository to look at; all when null. */
  readonly repo: number | null;
  /** Absolute path; pgBackRest's own when null. */
  readonly config: string | null;
}

const program = 'pgbackrest';

/** More names than this are not kept: an archive of 64 TiB. */
const mostSegments = 4_000_000;

/**
 * Exit codes of pgBackRest that are said of what it read, not of the machine that it read it on:
 * checksum, file invalid, format, file missing, backup set invalid.
 */
const damageCodes: readonly number[] = [26, 28, 29, 55, 75];

/** Nothing is written but the restore: no log file, and no lock that a real restore would wait for. */
const quiet = ['--log-level-console=off', '--log-level-file=off', '--log-level-stderr=error'];

export function pgBackRest(ref: PgBackRestRef, processes: ProcessRunner): ExternalBackups {
  const place = `pgBackRest stanza ${ref.stanza}${ref.repo === null ? '' : ` repo ${ref.repo}`}`;
  const chosen = [
    `--stanza=${ref.stanza}`,
    ...(ref.config === null ? [] : [`--config=${ref.config}`]),
  ];
  const only = ref.repo === null ? [] : [`--repo=${ref.repo}`];
  const failed = (command: string, end: ProcessEnd) =>
    new Fault(
      'repository-unreadable',
      `${place}: pgbackrest ${command} ended with ${end.exitCode}: ${saidLast(end.stderr)}`,
    );

  return {
    tool: 'pgbackrest',
    place,
    async list(signal) {
      const args = ['info', ...chosen, ...only, '--output=json', ...quiet];
      const end = await processes.run(program, args, { signal });
      if (end.exitCode !== 0) throw failed('info', end);
      return parseInfo(end.stdout, ref);
    },
    async archive(backup, segmentBytes, signal) {
      const { archiveId, repo } = own(backup);
      if (archiveId === null) return unknownArchive('pgBackRest names no archive of this backup');
      if (backup.wal === null) return unknownArchive('pgBackRest names no segments of this backup');
      const folder = `archive/${ref.stanza}/${archiveId}`;
      const at = [...chosen, `--repo=${repo}`, ...quiet];
      if (segmentBytes === null) return unknownArchive(unknownSize);
      const segments: string[] = [];
      const histories: string[] = [];
      let tooMany = false;
      const end = await eachLine(
        processes,
        program,
        ['repo-ls', ...at, '--recurse', folder],
        { signal },
        (line) => {
          const segment = segmentInLine(line);
          const history = historyInLine(line);
          if (history !== undefined) histories.push(history);
          if (segment === undefined || segment < (backup.wal?.first ?? '')) return;
          if (segments.length < mostSegments) segments.push(segment);
          else tooMany = true;
        },
      );
      if (end.exitCode !== 0) throw failed('repo-ls', end);
      if (tooMany) return unknownArchive(`there are over ${mostSegments} segments after it`);
      const history = await historyOf(segments, histories.sort().at(-1), backup.wal.first, (name) =>
        processes.run(program, ['repo-get', ...at, `${folder}/${name}`], { signal }),
      );
      if ('unknown' in history) return unknownArchive(history.unknown);
      const gaps = gapsIn(segments, backup.wal.first, history.switches, segmentBytes);
      return { ...gaps, failing: null, unknown: null };
    },
    async restore(backup, { data, beside }, signal) {
      const { repo, label, serverMajor } = own(backup);
      const at = [...chosen, `--repo=${repo}`, `--pg1-path=${data}`, `--lock-path=${beside}/lock`];
      const args = [
        ...['restore', ...at, `--set=${label}`, '--type=default', '--no-delta'],
        // Tablespaces would go where those of the live cluster are.
        `--tablespace-map-all=${beside}/tablespaces`,
        ...((serverMajor ?? 0) >= 12 ? ['--archive-mode=off'] : []),
        ...quiet,
      ];
      const end = await conduct(processes, program, args, { signal });
      if (end.exitCode !== 0) return refused(label, end);
      const get = [program, 'archive-get', ...at, '--no-archive-async', ...quiet].map(shellWord);
      return { outcome: 'restored', restoreCommand: `${get.join(' ')} %f "%p"`, env: {} };
    },
  };
}

function refused(label: string, end: ProcessEnd): Restored {
  const said = saidLast(end.stderr);
  const problem = `pgBackRest could not restore it: ${said}`;
  return damageCodes.includes(end.exitCode)
    ? { outcome: 'damaged', problem: { path: label, problem } }
    : { outcome: 'lacking', lacking: { what: 'a restore by pgBackRest', why: said } };
}

/** The backups given to these functions are those that `list` gave. */
function own(backup: ExternalBackup): PgBackRestBackup {
  if ('archiveId' in backup && 'repo' in backup) return backup as PgBackRestBackup;
  throw new Error(`${backup.label} is not a backup that pgBackRest listed`);
}

type History = { readonly switches: readonly Switch[] } | { readonly unknown: string };

async function historyOf(
  segments: readonly string[],
  newest: string | undefined,
  from: string,
  get: (name: string) => Promise<{ readonly exitCode: number; readonly stdout: string }>,
): Promise<History> {
  const last = newestOf(segments, from);
  const timeline = last.slice(0, 8);
  if (timeline === from.slice(0, 8)) return { switches: [] };
  const unknown = `the history of timeline ${timelineOf(last)} cannot be read`;
  if (newest === undefined || newest.slice(0, 8) < timeline) return { unknown };
  const { exitCode, stdout } = await get(`${timeline}.history`);
  const switches = exitCode === 0 ? readHistory(stdout) : undefined;
  return switches && switches.length > 0 ? { switches } : { unknown };
}
