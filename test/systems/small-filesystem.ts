import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOf, poll } from '../../scripts/testbed/processes.ts';
import { missing } from './missing.ts';

/** Small file systems need root; elsewhere their tests are a loud skip. */
export const canMount = (): boolean =>
  process.getuid?.() === 0 || !missing('root, which mounts small file systems');

export interface SmallFilesystem extends AsyncDisposable {
  readonly folder: string;
}

/**
 * A file system in memory with bounds of its own, such as `size=256k` or `ro`. It is mounted in a
 * name space that ends with this process, so that nothing is left on the host however a test ends.
 */
export async function smallFilesystem(options: string): Promise<SmallFilesystem> {
  const point = await mkdtemp(join(tmpdir(), 'deploycheck-small-'));
  const script = 'mount -t tmpfs -o "$1" tmpfs "$2" && echo ready && exec cat';
  const holder = spawn(
    'unshare',
    ['--mount', '--fork', '--kill-child', 'sh', '-c', script, 'sh', options, point],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const closed = once(holder, 'close');
  await Promise.race([
    once(holder.stdout, 'data'),
    closed.then(() => {
      throw new Error(`no file system with ${options} could be mounted`);
    }),
  ]);
  const inside = await poll(10, () => childOf(holder.pid ?? 0));
  return {
    folder: join('/proc', String(inside?.pid), 'root', point),
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await closed;
      await rmdir(point);
    },
  };
}
