import { readFile } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { packageFile } from '../../src/core/package-root.ts';
import { type RunRecord, recordSchema } from '../../src/core/record.ts';

export interface BoundedRun {
  readonly exitCode: number | undefined;
  readonly record: RunRecord;
  /** Bytes that were resident at most (VmHWM of proc(5)); 0 where the kernel does not tell. */
  readonly peak: number;
}

/** Runs the built binary, and looks at its memory until it ends. */
export async function boundedRun(args: readonly string[], cwd: string): Promise<BoundedRun> {
  const file = packageFile('bin/run.js');
  const child = execa(process.execPath, [file, ...args, '--format', 'json'], {
    ...{ cwd, reject: false, stdin: 'ignore' },
  });
  let peak = 0;
  let isRunning = true;
  const watching = (async () => {
    while (isRunning) {
      const status = await readFile(`/proc/${child.pid}/status`, 'utf8').catch(() => '');
      peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1] ?? 0) * 1024);
      await pause(20);
    }
  })();
  try {
    const { exitCode, stdout } = await child;
    return { exitCode, record: recordSchema.parse(JSON.parse(stdout)), peak };
  } finally {
    isRunning = false;
    await watching;
  }
}
