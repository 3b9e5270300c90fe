import type { ProcessEnd, ProcessRunner } from '../../../adapters/process/process.ts';
import { Fault } from '../../../core/fault.ts';
import { saidLast } from '../../client-tools.ts';
import { conduct, shellWord } from '../conduct.ts';
import { type ExternalBackups, unknownArchive } from '../external.ts';
import { parseList, parseShow } from './parse.ts';

export interface WalGRef {
  /** Absolute path. */
  readonly config: string;
}

const program = 'wal-g';

export function walG({ config }: WalGRef, processes: ProcessRunner): ExternalBackups {
  const place = `WAL-G ${config}`;
  const chosen = ['--config', config];
  const failed = (command: string, end: ProcessEnd) =>
    new Fault(
      'repository-unreadable',
      `${place}: wal-g ${command} ended with ${end.exitCode}: ${saidLast(end.stderr)}`,
    );
  const ask = async (signal: AbortSignal, command: string, ...args: string[]) => {
    const end = await processes.run(program, [command, ...args, ...chosen], { signal });
    if (end.exitCode !== 0) throw failed(command, end);
    return end.stdout;
  };

  return {
    tool: 'walg',
    place,
    list: async (signal) => parseList(await ask(signal, 'backup-list', '--detail', '--json')),
    async archive({ wal }, _segmentBytes, signal) {
      if (wal === null) return unknownArchive('WAL-G names no segments of this backup');
      return parseShow(await ask(signal, 'wal-show', '--detailed-json'), wal.first);
    },
    async restore({ label }, { data }, signal) {
      // A backup with tablespaces is put where they were, which is not ours to write to; WAL-G says no
      // itself when that is not empty.
      const end = await conduct(processes, program, ['backup-fetch', data, label, ...chosen], {
        signal,
      });
      if (end.exitCode !== 0) {
        const why = saidLast(end.stderr);
        return { outcome: 'lacking', lacking: { what: 'a restore by WAL-G', why } };
      }
      const fetch = [program, 'wal-fetch', ...chosen].map(shellWord).join(' ');
      return { outcome: 'restored', restoreCommand: `${fetch} "%f" "%p"`, env: {} };
    },
  };
}
