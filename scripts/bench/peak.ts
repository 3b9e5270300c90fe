import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';

export interface Peak {
  /** Resident at most (VmHWM of proc(5)). */
  readonly bytes: number;
  readonly seconds: number;
}

/**
 * Runs the program, and asks the kernel how much of its memory was resident at most.
 * @param options mayFind: whether findings are no failure
 */
export async function peakOf(
  cwd: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[],
  { mayFind = false }: { readonly mayFind?: boolean } = {},
): Promise<Peak> {
  const began = performance.now();
  const child = execa(process.execPath, [packageFile('bin/run.js'), ...args], {
    cwd,
    env,
    reject: false,
  });
  let bytes = 0;
  let seconds = 0;
  let running = true;
  const watching = (async () => {
    while (running) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      const kibibytes = Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0);
      bytes = Math.max(bytes, kibibytes * 1024);
      await pause(50);
    }
  })();
  try {
    const { exitCode } = await child;
    // Before the last look at its memory is waited for.
    seconds = (performance.now() - began) / 1000;
    if (exitCode !== 0 && !(mayFind && exitCode === 1)) throw new Error(`exit ${exitCode}`);
  } finally {
    running = false;
    await watching;
  }
  return { bytes, seconds };
}
