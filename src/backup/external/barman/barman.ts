import type { ProcessRunner } from '../../../adapters/process/process.ts';
import { Fault } from '../../../core/fault.ts';
import { readSmall } from '../../../core/read-small.ts';
import { saidLast } from '../../database/client-tools.ts';
import { conduct, eachLine } from '../conduct.ts';
import {
  type ExternalBackup,
  type ExternalBackups,
  unknownArchive,
  unknownSize,
} from '../external.ts';
import { gapsIn, isSegment, newestOf, readHistory, type Switch } from '../wal.ts';
import { type BarmanBackup, parseBackup, parseList } from './parse.ts';

export interface BarmanRef {
  readonly server: string;
  /** Absolute path; Barman's own when null. */
  readonly config: string | null;
}

const program = 'barman';
/** Barman is asked about each; older ones say nothing that is not said by these. */
const mostBackups = 50;

export function barman({ server, config }: BarmanRef, processes: ProcessRunner): ExternalBackups {
  const place = `Barman server ${server}`;
  const chosen = config === null ? [] : ['-c', config];
  const ask = async (signal: AbortSignal, ...args: string[]) => {
    const end = await processes.run(program, [...chosen, '-f', 'json', ...args], { signal });
    // What it has to say against it is in its JSON.
    if (end.exitCode === 0 || end.stdout.includes('_ERROR')) return end.stdout;
    const why = `${args[0]} ended with ${end.exitCode}: ${saidLast(end.stderr)}`;
    throw new Fault('repository-unreadable', `${place}: barman ${why}`);
  };

  return {
    tool: 'barman',
    place,
    async list(signal) {
      const ids = parseList(await ask(signal, 'list-backup', server), server);
      const backups: BarmanBackup[] = [];
      for (const id of ids.slice(-mostBackups)) {
        backups.push(parseBackup(await ask(signal, 'show-backup', server, id), server));
      }
      return backups;
    },
    async archive(backup, segmentBytes, signal) {
      const { wal, label } = backup;
      if (wal === null) return unknownArchive('Barman names no segments of this backup');
      if (segmentBytes === null) return unknownArchive(unknownSize);
      const segments: string[] = [];
      const histories: string[] = [];
      const args = [...chosen, 'list-files', '--target', 'wal', server, label];
      const end = await eachLine(processes, program, args, { signal }, (line) => {
        const name = line.slice(line.lastIndexOf('/') + 1);
        if (/^[0-9A-F]{8}\.history$/.test(name)) histories.push(line);
        if (isSegment(name) && name >= wal.first) segments.push(name);
      });
      if (end.exitCode !== 0) {
        const why = `list-files ended with ${end.exitCode}: ${saidLast(end.stderr)}`;
        throw new Fault('repository-unreadable', `${place}: barman ${why}`);
      }
      const switches = await switchesOf(segments, wal.first, histories);
      if (switches === undefined) {
        return unknownArchive('the history of the newest timeline cannot be read');
      }
      const gaps = gapsIn(segments, wal.first, switches, segmentBytes);
      return { ...gaps, failing: null, unknown: null };
    },
    async restore(backup, { data, beside }, signal) {
      const { label, tablespaces } = own(backup);
      const moved = tablespaces.flatMap((name, at) => [
        '--tablespace',
        `${name}:${beside}/tablespace-${at}`,
      ]);
      const args = [...chosen, 'recover', '--no-get-wal', ...moved, server, label, data];
      const end = await conduct(processes, program, args, { signal });
      if (end.exitCode === 0) {
        // It has put the archived segments where the server looks for them anyway.
        return { outcome: 'restored', restoreCommand: '/bin/false', env: {} };
      }
      // One exit code for whatever happened: what the backup has to do with it is not known.
      const why = saidLast(`${end.stdout}\n${end.stderr}`);
      return { outcome: 'lacking', lacking: { what: 'a restore by Barman', why } };
    },
  };
}

/** The backups given to these functions are those that `list` gave. */
function own(backup: ExternalBackup): BarmanBackup {
  if ('tablespaces' in backup) return backup as BarmanBackup;
  throw new Error(`${backup.label} is not a backup that Barman listed`);
}

async function switchesOf(
  segments: readonly string[],
  from: string,
  histories: readonly string[],
): Promise<Switch[] | undefined> {
  const last = newestOf(segments, from);
  const timeline = last.slice(0, 8);
  if (timeline === from.slice(0, 8)) return [];
  const path = histories.find((line) => line.endsWith(`/${timeline}.history`));
  if (path === undefined) return undefined;
  try {
    const switches = readHistory((await readSmall(path)).toString('utf8'));
    return switches && switches.length > 0 ? switches : undefined;
  } catch {
    // Kept compressed, or not on this machine.
    return undefined;
  }
}
