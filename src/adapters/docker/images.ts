import { Fault } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectOf, textMapOf, textOf, textsOf } from '../../core/json.ts';
import { formatReference, parseReference } from '../../core/reference.ts';
import type { Connection } from './connection.ts';
import type { Engine, EngineImage, PullProgress } from './docker.ts';
import { errorIn, messages, pullFault } from './messages.ts';

type Images = Pick<Engine, 'inspectImage' | 'saveImage' | 'loadImage' | 'pull' | 'removeImage'>;

export function imagesOf(connection: Connection): Images {
  const { host } = connection;

  const inspectImage: Engine['inspectImage'] = async (reference, signal) => {
    const path = `/images/${nameOf(reference)}/json`;
    const { status, value } = await connection.ask({ path, expected: [404] }, signal);
    return status === 404 ? undefined : imageOf(objectOf(value));
  };

  return {
    inspectImage,

    async saveImage(reference, signal) {
      // For an id that is not there engines answer 500.
      if (!(await inspectImage(reference, signal))) return undefined;
      const path = `/images/${nameOf(reference)}/get`;
      const { status, body } = await connection.stream({ path, expected: [404] }, signal);
      if (status !== 404) return body;
      body.destroy();
      return undefined;
    },

    async loadImage(archive, signal) {
      const loaded: string[] = [];
      const ask = { method: 'POST', path: '/images/load', query: { quiet: '1' }, archive } as const;
      try {
        const { body } = await connection.stream(ask, signal);
        for await (const message of messages(body)) {
          const error = errorIn(message);
          if (error)
            throw new Fault('engine-failed', `Docker Engine at ${host} did not load: ${error}`);
          const [, name] =
            /^Loaded image(?: ID)?: (\S+)/.exec(textOf(fieldOf(message, 'stream')) ?? '') ?? [];
          if (name) loaded.push(name);
        }
      } finally {
        // An archive that was not read to its end must not keep its source open.
        archive.destroy();
      }
      return loaded;
    },

    async pull(reference, { auth, onProgress }, signal) {
      const parsed = parseReference(reference);
      const { registry, repository, tag = 'latest', digest } = parsed;
      const ask = {
        method: 'POST',
        path: '/images/create',
        query: { fromImage: `${registry}/${repository}`, tag: digest ?? tag },
        ...(auth && { auth: { ...auth, serveraddress: registry } }),
        expected: [404, 500],
      } as const;
      const { status, body } = await connection.stream(ask, signal);
      let words = '';
      for await (const message of messages(body)) {
        const error = status < 400 ? errorIn(message) : textOf(fieldOf(message, 'message'));
        if (error !== undefined) words = error;
        else onProgress?.(progressOf(message));
      }
      if (status < 400 && words === '') return true;
      const fault = pullFault(host, registry, words);
      if (fault) throw fault;
      return false;
    },

    async removeImage(reference, signal) {
      const path = `/images/${nameOf(reference)}`;
      const ask = { method: 'DELETE', path, query: { force: true }, expected: [404] } as const;
      const { status } = await connection.ask(ask, signal);
      return status !== 404;
    },
  };
}

/** An id, or a reference in full: what is no reference could name another path of the interface. */
function nameOf(reference: string): string {
  return /^(?:sha256:)?[0-9a-f]{64}$/.test(reference)
    ? reference
    : formatReference(parseReference(reference));
}

function progressOf(message: JsonObject): PullProgress {
  const detail = objectOf(fieldOf(message, 'progressDetail'));
  const [bytes, total] = [fieldOf(detail, 'current'), fieldOf(detail, 'total')];
  return {
    id: textOf(fieldOf(message, 'id')) ?? '',
    status: textOf(fieldOf(message, 'status')) ?? '',
    ...(typeof bytes === 'number' && { bytes }),
    ...(typeof total === 'number' && { total }),
  };
}

function imageOf(image: JsonObject | undefined): EngineImage {
  const config = objectOf(fieldOf(image, 'Config'));
  const text = (object: JsonObject | undefined, name: string) =>
    textOf(fieldOf(object, name)) ?? '';
  const texts = (object: JsonObject | undefined, name: string) =>
    textsOf(fieldOf(object, name)) ?? [];
  const names = (name: string) => Object.keys(objectOf(fieldOf(config, name)) ?? {}).sort();
  const test = texts(objectOf(fieldOf(config, 'Healthcheck')), 'Test');
  return {
    id: text(image, 'Id'),
    repoTags: texts(image, 'RepoTags'),
    repoDigests: texts(image, 'RepoDigests'),
    size: Number(fieldOf(image, 'Size') ?? 0),
    architecture: text(image, 'Architecture'),
    os: text(image, 'Os'),
    created: text(image, 'Created'),
    diffIds: texts(objectOf(fieldOf(image, 'RootFS')), 'Layers'),
    config: {
      user: text(config, 'User'),
      environmentNames: texts(config, 'Env').map((variable) => variable.split('=', 1)[0] ?? ''),
      entrypoint: texts(config, 'Entrypoint'),
      cmd: texts(config, 'Cmd'),
      exposedPorts: names('ExposedPorts'),
      healthcheck: test.length === 0 || test[0] === 'NONE' ? null : { test },
      labels: textMapOf(fieldOf(config, 'Labels')),
      volumes: names('Volumes'),
      stopSignal: text(config, 'StopSignal'),
    },
  };
}
