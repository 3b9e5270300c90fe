import { isAbsolute, join } from 'node:path';
import { Fault } from '../../core/fault.ts';
import { objectOf, objectsOf, parseObject, textOf } from '../../core/json.ts';
import { createProcessRunner } from '../process/execa.ts';
import type { RawUser } from './config.ts';

/** What a credential plugin prints (client.authentication.k8s.io, ExecCredentialStatus). */
export interface PluginCredential {
  readonly token?: string;
  /** PEM. */
  readonly certificate?: string;
  /** PEM. */
  readonly key?: string;
  /** Milliseconds since the epoch; infinite when the plugin sets no end. */
  readonly expires: number;
}

const timeoutMs = 60_000;
const shownCharacters = 300;

/**
 * Runs the plugin that a user of a kubeconfig names. KubeConfig's own way of doing so leaves its stdin
 * open, does not tell it the protocol (which some plugins insist on) and cannot be stopped.
 * @throws Fault `tool-missing`, `tool-failed`, `kubeconfig-invalid`; the signal's reason
 */
export async function runCredentialPlugin(
  { name, exec = {}, folder }: RawUser,
  signal: AbortSignal,
): Promise<PluginCredential> {
  const { command, args, env, apiVersion, installHint, interactiveMode } = exec;
  if (typeof command !== 'string' || command === '') {
    throw new Fault('kubeconfig-invalid', `user '${name}' has a credential plugin and no command`);
  }
  const plugin = `credential plugin '${command}' of user '${name}'`;
  if (interactiveMode === 'Always') {
    throw new Fault('kubeconfig-invalid', `${plugin} insists on a terminal; use another context`);
  }
  const info = { apiVersion, kind: 'ExecCredential', spec: { interactive: false } };
  const { exitCode, stdout, stderr } = await createProcessRunner()
    .run(programOf(command, folder), Array.isArray(args) ? args.map(String) : [], {
      signal,
      timeoutMs,
      env: { ...variables(env), KUBERNETES_EXEC_INFO: JSON.stringify(info) },
    })
    .catch((error: unknown) => {
      if (!(error instanceof Fault)) throw error;
      const hint = installHint === undefined ? '' : `; ${oneLine(String(installHint))}`;
      throw new Fault(error.code, `${plugin}: ${error.message}${hint}`, { cause: error });
    });
  if (exitCode !== 0) {
    throw new Fault('tool-failed', `${plugin} ended with ${exitCode}: ${oneLine(stderr)}`);
  }
  const credential = parsed(stdout);
  if (credential === undefined) {
    throw new Fault('tool-failed', `${plugin} printed neither a token nor a certificate`);
  }
  return credential;
}

/** A path is relative to the kubeconfig, a bare name is searched on PATH (as kubectl does). */
function programOf(command: string, folder: string): string {
  return !/[\\/]/.test(command) || isAbsolute(command) ? command : join(folder, command);
}

function variables(env: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(
    objectsOf(env).flatMap(({ name, value }) =>
      typeof name === 'string' && typeof value === 'string' ? [[name, value]] : [],
    ),
  );
}

function parsed(output: string): PluginCredential | undefined {
  const status = objectOf(parseObject(output)?.status) ?? {};
  const token = textOf(status.token);
  const certificate = textOf(status.clientCertificateData);
  const key = textOf(status.clientKeyData);
  const expires = Date.parse(textOf(status.expirationTimestamp) ?? '');
  const hasPair = certificate !== undefined && key !== undefined;
  if (token === undefined && !hasPair) return undefined;
  return {
    ...(token === undefined ? {} : { token }),
    ...(hasPair ? { certificate, key } : {}),
    expires: Number.isNaN(expires) ? Number.POSITIVE_INFINITY : expires,
  };
}

const oneLine = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').trim().slice(-shownCharacters);
