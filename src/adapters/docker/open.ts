import { Fault } from '../../core/fault.ts';
import { fieldOf, objectOf, textOf, textsOf } from '../../core/json.ts';
import { connect } from './connection.ts';
import { containersOf } from './containers.ts';
import type { Engine, OpenEngine } from './docker.ts';
import { type Environment, findEndpoint } from './endpoint.ts';
import { imagesOf } from './images.ts';
import { insideOf } from './inside.ts';

/** Finds engines as an environment says, which is a process's own as a rule. */
export function createOpenEngine(environment: Environment): OpenEngine {
  return async ({ host }, signal) => {
    const connection = connect(await findEndpoint(host, environment));
    const engine: Engine = {
      host: connection.host,
      async ping(signal) {
        const { text } = await connection.text({ path: '/_ping' }, signal);
        if (text !== 'OK') {
          throw new Fault(
            'engine-failed',
            `what answers at ${connection.host} is no Docker Engine`,
          );
        }
      },
      async version(signal) {
        const { value } = await connection.ask({ path: '/version' }, signal);
        const text = (name: string) => textOf(fieldOf(objectOf(value), name)) ?? '';
        return {
          engine: text('Version'),
          api: text('ApiVersion'),
          os: text('Os'),
          architecture: text('Arch'),
        };
      },
      async isolation(signal) {
        const { value } = await connection.ask({ path: '/info' }, signal);
        const options = textsOf(fieldOf(objectOf(value), 'SecurityOptions')) ?? [];
        const has = (name: string) => options.some((option) => option.startsWith(`name=${name}`));
        return {
          seccomp: has('seccomp') && !options.includes('name=seccomp,profile=unconfined'),
          userNamespaces: has('userns') || has('rootless'),
        };
      },
      ...imagesOf(connection),
      ...containersOf(connection),
      ...insideOf(connection),
    };
    await engine.ping(signal);
    return engine;
  };
}
