import { Fault } from '../../core/fault.ts';
import { fieldOf, objectOf, objectsOf, textOf } from '../../core/json.ts';
import type { Ask, Connection } from './connection.ts';
import { createBody, ownerLabel } from './container-options.ts';
import type { Engine } from './docker.ts';
import { entryOf, stateOf } from './state.ts';

type Containers = Pick<
  Engine,
  | 'createContainer'
  | 'start'
  | 'wait'
  | 'inspect'
  | 'stop'
  | 'kill'
  | 'pause'
  | 'unpause'
  | 'remove'
  | 'listContainers'
>;

/** Not there, and not in a state for it. */
const notNow = [404, 409];

export function containersOf(connection: Connection): Containers {
  const inspect: Engine['inspect'] = async (container, signal) => {
    const ask = { path: `${pathOf(container)}/json`, expected: [404] };
    const { status, value } = await connection.ask(ask, signal);
    return status === 404 ? undefined : stateOf(objectOf(value));
  };

  /** Whether the engine did it. */
  const act = async (
    container: string,
    action: string,
    query: Ask['query'],
    signal: AbortSignal,
  ): Promise<boolean> => {
    const path = `${pathOf(container)}/${action}`;
    const ask = { method: 'POST', path, ...(query && { query }), expected: notNow } as const;
    const { status } = await connection.ask(ask, signal);
    return status < 400;
  };

  const waitFor = async (container: string, condition: string, signal: AbortSignal) => {
    const path = `${pathOf(container)}/wait`;
    const ask = { method: 'POST', path, query: { condition }, expected: [404] } as const;
    const { status, value } = await connection.ask(ask, signal);
    if (status === 404) return undefined;
    const exitCode = fieldOf(objectOf(value), 'StatusCode');
    if (typeof exitCode === 'number') return { exitCode };
    throw new Fault('engine-failed', `Docker Engine at ${connection.host} tells no exit code`);
  };

  return {
    inspect,

    async createContainer(options, signal) {
      const ask = {
        method: 'POST',
        path: '/containers/create',
        ...(options.name !== undefined && { query: { name: options.name } }),
        body: createBody(options),
        expected: [404],
      } as const;
      const { status, value } = await connection.ask(ask, signal);
      return status === 404 ? undefined : textOf(fieldOf(objectOf(value), 'Id'));
    },

    async start(container, signal) {
      try {
        const ask = {
          method: 'POST',
          path: `${pathOf(container)}/start`,
          expected: [404],
        } as const;
        const { status } = await connection.ask(ask, signal);
        return status === 404 ? undefined : { started: true };
      } catch (error) {
        // The status does not tell a failing engine from an image that cannot start; the state does.
        const isRefused = error instanceof Fault && error.code === 'engine-failed';
        const state = isRefused ? await inspect(container, signal) : undefined;
        if (state?.error) return { started: false, reason: state.error };
        throw error;
      }
    },

    wait: (container, signal) => waitFor(container, 'not-running', signal),

    stop: (container, graceSeconds, signal) => act(container, 'stop', { t: graceSeconds }, signal),
    kill: (container, name, signal) => act(container, 'kill', { signal: name }, signal),
    pause: (container, signal) => act(container, 'pause', undefined, signal),
    async unpause(container, signal) {
      try {
        return await act(container, 'unpause', undefined, signal);
      } catch (error) {
        // Older engines answer 500 where newer ones say 409.
        const state = error instanceof Fault ? await inspect(container, signal) : undefined;
        if (state && state.status !== 'paused') return false;
        throw error;
      }
    },

    async remove(container, signal) {
      const query = { force: true, v: true };
      const ask = { method: 'DELETE', path: pathOf(container), query, expected: notNow } as const;
      const { status } = await connection.ask(ask, signal);
      // Somebody else is removing it: gone is when they are done.
      if (status === 409) await waitFor(container, 'removed', signal);
    },

    async listContainers({ owner }, signal) {
      const label = owner === undefined ? ownerLabel : `${ownerLabel}=${owner}`;
      const query = { all: true, filters: { label: [label] } };
      const { value } = await connection.ask({ path: '/containers/json', query }, signal);
      return objectsOf(value).map(entryOf);
    },
  };
}

/** What cannot be a name, and might be another path, becomes one that no container has. */
export function pathOf(container: string): string {
  return `/containers/${/^[a-zA-Z0-9][\w.-]*$/.test(container) ? container : '-'}`;
}
