import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { sha256Hex } from '../../core/digest.ts';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectOf, parseObject, textOf } from '../../core/json.ts';
import { readSmall } from '../../core/read-small.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** PEM texts of an engine that is spoken to over TLS. */
export interface TlsFiles {
  readonly ca?: Buffer;
  readonly cert?: Buffer;
  readonly key?: Buffer;
}

export type Endpoint = {
  /** As it was written, for messages. */
  readonly host: string;
} & (
  | { readonly socketPath: string }
  | { readonly hostname: string; readonly port: number; readonly tls: TlsFiles | undefined }
);

/** https://docs.docker.com/engine/security/protect-access/ */
const plainPort = 2375;
const tlsPort = 2376;

/**
 * Where the engine is, by the order of the `docker` command: the host given, DOCKER_HOST, the context
 * that DOCKER_CONTEXT or config.json names, the default socket; where there is none, that of Podman.
 * @throws Fault `engine-unreachable`
 */
export async function findEndpoint(
  host: string | undefined,
  environment: Environment,
): Promise<Endpoint> {
  const folder = environment.DOCKER_CONFIG || join(environment.HOME || homedir(), '.docker');
  const named = host || environment.DOCKER_HOST;
  if (named) return parseHost(named, () => tlsOfEnvironment(environment, folder));
  const context = environment.DOCKER_CONTEXT || (await currentContext(folder));
  if (context && context !== 'default') return contextEndpoint(folder, context);
  const socket = await firstThere(defaultSockets(environment));
  return parseHost(`unix://${socket}`, async () => undefined);
}

/** Docker's own socket, then those of Podman's service, which speaks the same. */
function defaultSockets({ XDG_RUNTIME_DIR: own }: Environment): readonly [string, ...string[]] {
  return [
    '/var/run/docker.sock',
    ...(own ? [join(own, 'podman/podman.sock')] : []),
    '/run/podman/podman.sock',
  ];
}

/** The first path that is there; the first of all when none is, for the message to name. */
export async function firstThere(paths: readonly [string, ...string[]]): Promise<string> {
  for (const path of paths) {
    const isThere = await stat(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return paths[0];
}

/** @throws Fault `engine-unreachable` */
export async function parseHost(
  host: string,
  tlsFiles: () => Promise<TlsFiles | undefined>,
): Promise<Endpoint> {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(host)?.[1];
  if (socketPath !== undefined) return { host, socketPath };
  if (host.startsWith('ssh://')) {
    throw unreachable(
      host,
      'SSH is not spoken; forward the socket (`ssh -L`) and set DOCKER_HOST to it',
    );
  }
  const [, scheme = 'tcp', address = ''] = /^(?:([a-z]+):\/\/)?(.*)$/s.exec(host) ?? [];
  // Of a scheme that has a port of its own, the URL would not tell whether it was written.
  const url = URL.parse(`tcp://${address}`);
  if (!url?.hostname || !['tcp', 'http', 'https'].includes(scheme)) {
    throw unreachable(host, 'it is neither unix:///PATH nor tcp://HOST:PORT');
  }
  const tls = scheme === 'http' ? undefined : await tlsFiles();
  const wanted = tls ?? (scheme === 'https' ? {} : undefined);
  const port = Number(url.port) || (wanted ? tlsPort : plainPort);
  return { host, hostname: url.hostname.replace(/^\[|\]$/g, ''), port, tls: wanted };
}

async function tlsOfEnvironment(
  environment: Environment,
  folder: string,
): Promise<TlsFiles | undefined> {
  if (!environment.DOCKER_CERT_PATH && !environment.DOCKER_TLS_VERIFY) return undefined;
  return readTls(environment.DOCKER_CERT_PATH || folder);
}

async function readTls(folder: string): Promise<TlsFiles> {
  const [ca, cert, key] = await Promise.all(
    ['ca.pem', 'cert.pem', 'key.pem'].map((name) => readIfThere(join(folder, name))),
  );
  return { ...(ca && { ca }), ...(cert && { cert }), ...(key && { key }) };
}

async function currentContext(folder: string): Promise<string | undefined> {
  const text = await readIfThere(join(folder, 'config.json'));
  return textOf(fieldOf(parseObject(text?.toString() ?? ''), 'currentContext'));
}

/** A context's folder is named by the SHA-256 of its name. */
async function contextEndpoint(folder: string, name: string): Promise<Endpoint> {
  const id = sha256Hex(name);
  const meta = await readIfThere(join(folder, 'contexts/meta', id, 'meta.json'));
  const endpoints = objectOf(fieldOf(parseObject(meta?.toString() ?? ''), 'Endpoints'));
  const docker: JsonObject | undefined = objectOf(fieldOf(endpoints, 'docker'));
  const host = textOf(fieldOf(docker, 'Host'));
  if (!host) throw unreachable(`the context '${name}'`, `${folder} knows no such context`);
  const files = join(folder, 'contexts/tls', id, 'docker');
  return parseHost(host, async () => {
    const tls = await readTls(files);
    return Object.keys(tls).length > 0 ? tls : undefined;
  });
}

async function readIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readSmall(file);
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Fault('engine-unreachable', messageOf(error), { cause: error });
  }
}

export function unreachable(host: string, why: string, cause?: unknown): Fault {
  return new Fault('engine-unreachable', `Docker Engine at ${host}: ${why}`, { cause });
}
