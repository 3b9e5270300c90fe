import { execa } from 'execa';
import { Fault } from '../../core/fault.ts';
import type { ProcessRunner } from './process.ts';
import { streamProcess } from './stream.ts';

const defaultTimeoutMs = 60_000;
const maxOutputBytes = 16 * 1024 * 1024;

export function createProcessRunner(): ProcessRunner {
  return {
    async run(command, args, options) {
      const result = await execa(command, args, {
        cancelSignal: options.signal,
        ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
        ...(options.env === undefined ? {} : { env: options.env }),
        ...(options.input === undefined ? { stdin: 'ignore' } : { input: options.input }),
        timeout: options.timeoutMs ?? defaultTimeoutMs,
        maxBuffer: maxOutputBytes,
        forceKillAfterDelay: 2000,
        // A grandchild that keeps the output open would be waited for. It costs the terminal.
        killDescendants: options.asksPerson !== true,
        stripFinalNewline: false,
        reject: false,
      });
      options.signal.throwIfAborted();
      if (result.exitCode !== undefined) {
        return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
      }
      if (result.code === 'ENOENT') {
        throw new Fault('tool-missing', `'${command}' is not on PATH`, { cause: result });
      }
      const how = result.timedOut ? 'ran out of time' : `ended by ${result.signal ?? result.code}`;
      throw new Fault('tool-failed', `'${command}' ${how}`, { cause: result });
    },
    stream: streamProcess,
  };
}
