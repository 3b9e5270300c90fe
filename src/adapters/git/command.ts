import { Fault } from '../../core/fault.ts';
import type { ProcessRunner } from '../process/process.ts';
import type { Git } from './git.ts';
import { createHistory } from './history.ts';

/** Git through its own command, with output formats meant for programs. */
export function createGit(processes: ProcessRunner): Git {
  const git = async (
    args: readonly string[],
    cwd: string,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    try {
      // A work tree owned by somebody else, or a hook, must not change what is read here.
      const env = { GIT_OPTIONAL_LOCKS: '0', GIT_TERMINAL_PROMPT: '0' };
      const { exitCode, stdout } = await processes.run('git', args, { cwd, signal, env });
      return exitCode === 0 ? stdout : undefined;
    } catch (error) {
      if (error instanceof Fault && error.code === 'tool-missing') return undefined;
      throw error;
    }
  };

  return {
    async head(folder, signal) {
      const log = await git(['log', '-1', '--format=%H%x00%ae'], folder, signal);
      if (log === undefined) return undefined;
      const [hash = '', authorEmail = ''] = log.trim().split('\0');
      return { hash, authorEmail };
    },
    async changed(folder, signal) {
      const status = await git(['status', '--porcelain=v2', '-z', '--', '.'], folder, signal);
      return changedPaths(status ?? '');
    },
    async configured(key, folder, signal) {
      const value = (await git(['config', '--get', key], folder, signal))?.trim();
      return value === '' ? undefined : value;
    },
    history: createHistory(processes),
  };
}

/**
 * Paths of `git status --porcelain=v2 -z`: fields before the path are 8 for an ordinary change (`1`),
 * 9 for a rename (`2`, whose old path follows as an entry of its own), 10 for an unmerged one (`u`),
 * 1 for an untracked one (`?`).
 */
function changedPaths(status: string): string[] {
  const fieldsBefore: Readonly<Record<string, number>> = { '1': 8, '2': 9, u: 10, '?': 1 };
  const paths: string[] = [];
  const entries = status.split('\0');
  for (let at = 0; at < entries.length; at++) {
    const entry = entries[at] ?? '';
    const fields = fieldsBefore[entry[0] ?? ''];
    if (fields === undefined) continue;
    paths.push(entry.split(' ').slice(fields).join(' '));
    if (entry.startsWith('2')) at++;
  }
  return paths;
}
