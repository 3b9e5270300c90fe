import { execFile } from 'node:child_process';
import { packageFile } from '../../src/core/package-root.ts';
import type { CliOptions, CliResult } from './cli.ts';

export interface Running {
  readonly pid: number;
  readonly ended: Promise<CliResult>;
  /** What it has written to stderr so far. */
  said(): string;
  line(pattern: RegExp): Promise<string>;
  kill(signal: NodeJS.Signals): void;
}

/** Starts the built binary, to be looked at and ended while it runs. */
export function start(args: readonly string[], { cwd, env }: Omit<CliOptions, 'input'>): Running {
  let stdout = '';
  let stderr = '';
  const ended = Promise.withResolvers<CliResult>();
  const child = execFile(
    process.execPath,
    [packageFile('bin/run.js'), ...args],
    { cwd, env: { ...process.env, NO_COLOR: '1', ...env } },
    () => ended.resolve({ exitCode: child.exitCode ?? undefined, stdout, stderr }),
  );
  child.stdout?.on('data', (text: string) => {
    stdout += text;
  });
  child.stderr?.on('data', (text: string) => {
    stderr += text;
  });
  return {
    pid: child.pid ?? 0,
    ended: ended.promise,
    said: () => stderr,
    kill: (signal) => child.kill(signal),
    line(pattern) {
      const found = Promise.withResolvers<string>();
      const look = () => {
        const line = stderr.split('\n').find((text) => pattern.test(text));
        if (line !== undefined) found.resolve(line);
      };
      child.stderr?.on('data', look);
      look();
      ended.promise.then(() => found.reject(new Error(`it ended without that line:\n${stderr}`)));
      return found.promise;
    },
  };
}
