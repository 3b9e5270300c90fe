import type { ProcessEnd, ProcessRunner } from '../../../adapters/process/process.ts';
import { Fault } from '../../../core/fault.ts';
import { saidLast } from '../../database/client-tools.ts';
import { conduct, shellWord } from '../conduct.ts';
import { type ExternalBackups, type Restored, unknownArchive } from '../external.ts';
import { hasTablespaces, parseList, parseShow } from './parse.ts';

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
      const lacks = (why: string): Restored => ({
        ...{ outcome: 'lacking', lacking: { what: 'a restore by WAL-G', why } },
      });
      // It puts tablespaces where they were, which is not ours to write to.
      const sentinel = `basebackups_005/${label}_backup_stop_sentinel.json`;
      const shown = await processes.run(program, ['st', 'cat', sentinel, ...chosen], { signal });
      const outside = shown.exitCode === 0 ? hasTablespaces(shown.stdout) : undefined;
      if (outside === undefined)
        return lacks('its sentinel does not say whether it has tablespaces');
      if (outside) return lacks('it has tablespaces, which would be written to where they were');
      const end = await conduct(processes, program, ['backup-fetch', data, label, ...chosen], {
        signal,
      });
      if (end.exitCode !== 0) {
        return lacks(saidLast(end.stderr));
      }
      const fetch = [program, 'wal-fetch', ...chosen].map(shellWord).join(' ');
      return { outcome: 'restored', restoreCommand: `${fetch} "%f" "%p"`, env: {} };
    },
  };
}
