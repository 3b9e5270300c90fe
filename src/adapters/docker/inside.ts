import { Fault } from '../../core/fault.ts';
import { fieldOf, objectOf, textOf } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { environmentList } from './container-options.ts';
import { pathOf } from './containers.ts';
import type { Engine } from './docker.ts';
import { collect, demultiplex } from './output.ts';
import { changesOf, processesOf, statsOf } from './state.ts';

type Inside = Pick<Engine, 'logs' | 'stats' | 'exec' | 'changes' | 'processes'>;

/** What a container prints, takes, writes and runs. */
export function insideOf(connection: Connection): Inside {
  const readLogs: Engine['logs'] = async (container, options, signal) => {
    const { follow = false, tail = 'all', maxBytes, onOutput } = options;
    const query = { stdout: true, stderr: true, follow, tail };
    const ask = { path: `${pathOf(container)}/logs`, query, expected: [404] };
    const { status, body } = await connection.stream(ask, signal);
    if (status !== 404) return collect(demultiplex(body), maxBytes, onOutput);
    body.destroy();
    return undefined;
  };

  return {
    async logs(container, options, signal) {
      const { follow, tail, maxBytes } = options;
      const output = await readLogs(container, options, signal);
      if (!output || !follow || output.truncated || tail !== undefined) return output;
      // Engines lose the last words of some containers that end while they are followed.
      return (
        (await readLogs(container, maxBytes === undefined ? {} : { maxBytes }, signal)) ?? output
      );
    },

    async changes(container, signal) {
      const ask = { path: `${pathOf(container)}/changes`, expected: [404] };
      const { status, value } = await connection.ask(ask, signal);
      return status === 404 ? undefined : changesOf(value);
    },

    async processes(container, signal) {
      // Not there; not running.
      const expected = [404, 409];
      const query = { ps_args: '-eo pid,uid,gid,comm' };
      const ask = { path: `${pathOf(container)}/top`, query, expected };
      const { status, value } = await connection.ask(ask, signal);
      return status >= 400 ? undefined : processesOf(objectOf(value));
    },

    async stats(container, signal) {
      // One sample; without one-shot the engine waits for a second one.
      const query = { stream: false, 'one-shot': true };
      const ask = { path: `${pathOf(container)}/stats`, query, expected: [404] };
      const { status, value } = await connection.ask(ask, signal);
      return status === 404 ? undefined : statsOf(objectOf(value));
    },

    async exec(container, { command, user, environment, maxBytes }, signal) {
      const body = {
        Cmd: command,
        AttachStdout: true,
        AttachStderr: true,
        ...(user !== undefined && { User: user }),
        ...(environment && { Env: environmentList(environment) }),
      };
      // Not there; not running, or paused.
      const expected = [404, 409];
      const path = `${pathOf(container)}/exec`;
      const created = await connection.ask({ method: 'POST', path, body, expected }, signal);
      if (created.status >= 400) return undefined;
      const id = textOf(fieldOf(objectOf(created.value), 'Id')) ?? '';
      const start = {
        method: 'POST',
        path: `/exec/${id}/start`,
        body: { Detach: false },
        expected,
      } as const;
      const started = await connection.stream(start, signal);
      if (started.status >= 400) {
        started.body.destroy();
        return undefined;
      }
      const output = await collect(demultiplex(started.body), maxBytes);
      const { value } = await connection.ask({ path: `/exec/${id}/json` }, signal);
      const exitCode = fieldOf(objectOf(value), 'ExitCode');
      if (typeof exitCode === 'number') return { ...output, exitCode };
      throw new Fault('engine-failed', `Docker Engine at ${connection.host} tells no exit code`);
    },
  };
}
