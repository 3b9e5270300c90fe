import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { childOf, poll } from '../../scripts/testbed/processes.ts';
import { missing } from './missing.ts';

/** Small file systems need root; elsewhere their tests are a loud skip. */
export const canMount = (): boolean =>
  process.getuid?.() === 0 || !missing('root, which mounts small file systems');

/** What {@link lyingFilesystem} needs. */
export const canLoop = (): boolean =>
  canMount() && (existsSync('/dev/loop-control') || !missing('loop devices, which hold images'));

export interface SmallFilesystem extends AsyncDisposable {
  readonly folder: string;
}

/**
 * A file system in memory with bounds of its own, such as `size=256k` or `ro`. It is mounted in a
 * name space that ends with this process, so that nothing is left on the host however a test ends.
 */
export const smallFilesystem = (options: string): Promise<SmallFilesystem> =>
  mounted('mount -t tmpfs -o "$1" tmpfs "$2"', options, '');

/**
 * A file system that takes what it is given, and fails when that is to reach its device: ext4 on a sparse
 * file of 64 MiB, in a file system that has not the room for it.
 * @param size of that room, such as `1m`
 */
export const lyingFilesystem = (size: string): Promise<SmallFilesystem> =>
  mounted(
    `mount -t tmpfs -o "size=$1" tmpfs "$2" && truncate -s 64m "$2/image" && mkdir "$2/inside" &&
     mkfs.ext4 -q -F -O ^has_journal "$2/image" &&
     mount -o loop,errors=continue "$2/image" "$2/inside"`,
    size,
    'inside',
  );

/** @param script of sh, which gets the argument and the place */
async function mounted(script: string, argument: string, below: string): Promise<SmallFilesystem> {
  const point = await mkdtemp(join(tmpdir(), 'deploycheck-small-'));
  const whole = `${script} && echo ready && exec cat`;
  const holder = spawn(
    'unshare',
    ['--mount', '--fork', '--kill-child', 'sh', '-c', whole, 'sh', argument, point],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const closed = once(holder, 'close');
  await Promise.race([
    once(holder.stdout, 'data'),
    closed.then(() => {
      throw new Error(`no file system with ${argument} could be mounted`);
    }),
  ]);
  const inside = await poll(10, () => childOf(holder.pid ?? 0));
  return {
    folder: join('/proc', String(inside?.pid), 'root', point, below),
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await closed;
      await rmdir(point);
    },
  };
}
