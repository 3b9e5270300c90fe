import { homedir } from 'node:os';
import { join } from 'node:path';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectOf, parseObject, textOf } from '../../core/json.ts';
import { readSmall } from '../../core/read-small.ts';
import type { ProcessRunner } from '../process/process.ts';

export type Credentials =
  | { readonly username: string; readonly password: string }
  /** Of OAuth 2.0, which the token server changes for an access token. */
  | { readonly identityToken: string };

export interface CredentialSearch {
  readonly found?: Credentials;
  /** Where they were looked for, in words for a message. */
  readonly where: string;
}

export type FindCredentials = (registry: string, signal: AbortSignal) => Promise<CredentialSearch>;

export interface CredentialOptions {
  readonly processes: ProcessRunner;
  /** `DOCKER_CONFIG` and `HOME` are read from it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** What Docker and its helpers call Docker Hub. */
const hubServer = 'https://index.docker.io/v1/';
/** By which a helper says that its secret is an identity token. */
const tokenUser = '<token>';

/**
 * The credentials `docker login` stored: in config.json, or in the helper it names.
 * https://docs.docker.com/reference/cli/docker/login/#credential-stores
 */
export function createCredentials({ processes, environment }: CredentialOptions): FindCredentials {
  const folder = environment.DOCKER_CONFIG || join(environment.HOME || homedir(), '.docker');
  const file = join(folder, 'config.json');

  return async (registry, signal) => {
    const config = await readConfig(file);
    if (typeof config === 'string') return { where: config };
    const server = registry === 'docker.io' ? hubServer : registry;
    const helper =
      textOf(fieldOf(objectOf(fieldOf(config, 'credHelpers')), server)) ??
      textOf(fieldOf(config, 'credsStore'));
    if (helper !== undefined && helper !== '') {
      const answer = await askHelper(processes, helper, server, signal);
      if (typeof answer !== 'string')
        return { found: answer, where: `docker-credential-${helper}` };
      const found = storedFor(config, server);
      return { ...(found && { found }), where: `${answer} and ${file}` };
    }
    const found = storedFor(config, server);
    return { ...(found && { found }), where: file };
  };
}

/** The file, or why there is none to use. */
async function readConfig(file: string): Promise<JsonObject | string> {
  try {
    const text = (await readSmall(file)).toString();
    return parseObject(text) ?? `${file}, which is no JSON object`;
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return `${file}, which does not exist`;
    return `${file}, which cannot be read (${messageOf(error)})`;
  }
}

/** The credentials, or in words why the helper gives none. */
async function askHelper(
  processes: ProcessRunner,
  helper: string,
  server: string,
  signal: AbortSignal,
): Promise<Credentials | string> {
  const command = `docker-credential-${helper}`;
  // It becomes the name of a program, which must be one of the PATH.
  if (!/^[\w.-]+$/.test(helper)) return 'a helper of no possible name';
  try {
    const { exitCode, stdout } = await processes.run(command, ['get'], { signal, input: server });
    const answer = exitCode === 0 ? parseObject(stdout) : undefined;
    const username = textOf(fieldOf(answer, 'Username'));
    const secret = textOf(fieldOf(answer, 'Secret'));
    if (username === undefined || !secret) return command;
    return username === tokenUser ? { identityToken: secret } : { username, password: secret };
  } catch (error) {
    // A registry may be open to all, so a helper that is gone counts only once it refuses us.
    if (!(error instanceof Fault)) throw error;
    return error.code === 'tool-missing' ? `${command} (not on PATH)` : `${command} (failed)`;
  }
}

/** An entry of `auths`, whose keys may be URLs as older versions wrote them. */
export function storedFor(config: JsonObject, server: string): Credentials | undefined {
  const auths = objectOf(fieldOf(config, 'auths')) ?? {};
  const wanted = hostOf(server);
  const key = server in auths ? server : Object.keys(auths).find((name) => hostOf(name) === wanted);
  const entry = key === undefined ? undefined : objectOf(auths[key]);
  const identityToken = textOf(fieldOf(entry, 'identitytoken'));
  if (identityToken) return { identityToken };
  const decoded = Buffer.from(textOf(fieldOf(entry, 'auth')) ?? '', 'base64').toString();
  const colon = decoded.indexOf(':');
  const username = colon === -1 ? textOf(fieldOf(entry, 'username')) : decoded.slice(0, colon);
  // Old versions padded the text with NUL.
  const password =
    colon === -1
      ? textOf(fieldOf(entry, 'password'))
      : decoded.slice(colon + 1).replace(/\0+$/, '');
  return username && password ? { username, password } : undefined;
}

function hostOf(server: string): string {
  return server.replace(/^https?:\/\//, '').replace(/\/.*$/, '');
}
