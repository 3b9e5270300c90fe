import { objectOf } from '../../core/json.ts';
import { can, token } from './access.ts';
import { loadConfig } from './config.ts';
import { type Connection, connectionOf } from './connection.ts';
import { resourcesOf } from './discovery.ts';
import { exec } from './exec.ts';
import { failed } from './faults.ts';
import { forward } from './forward.ts';
import type { Kube } from './kube.ts';
import { list } from './list.ts';
import { logs } from './logs.ts';
import { objectsOf } from './objects.ts';
import { read } from './request.ts';
import { watch } from './watch.ts';

export interface OpenOptions {
  /** A file; $KUBECONFIG, ~/.kube/config or the pod's own account when not given. */
  readonly kubeconfig?: string;
  /** The kubeconfig's current one when not given. */
  readonly context?: string;
  /** The context's, or `default`, when not given. */
  readonly namespace?: string;
  /** Told every credential that is sent, so that it can be kept out of messages. */
  readonly register?: (secret: string) => void;
}

/**
 * Reads the kubeconfig; nothing is sent yet.
 * @throws Fault `kubeconfig-invalid`; the signal's reason
 */
export async function openKube(options: OpenOptions, signal: AbortSignal): Promise<Kube> {
  signal.throwIfAborted();
  const config = await loadConfig(options);
  signal.throwIfAborted();
  return kubeOf(connectionOf(config, options));
}

function kubeOf(connection: Connection): Kube {
  const resources = resourcesOf(connection);
  const required = async (path: string, signal: AbortSignal) => {
    const body = objectOf(await read(connection, { path }, signal));
    if (body !== undefined) return body;
    throw failed(connection.target, { method: 'GET', path }, 'has no such path');
  };
  return {
    target: connection.target,
    async version(signal) {
      const { major, minor, gitVersion } = await required('/version', signal);
      // Some providers write the minor as `34+`.
      const [numbers = 0, patch = 0] = [major, minor].map((part) =>
        Number.parseInt(String(part), 10),
      );
      return { major: numbers, minor: patch, gitVersion: String(gitVersion) };
    },
    resources: resources.all,
    resourceFor: resources.find,
    ...objectsOf(connection, resources),
    list: (ref, options, signal) => list(connection, resources, ref, options, signal),
    watch: (ref, options, signal) => watch(connection, resources, ref, options, signal),
    logs: (pod, options, signal) => logs(connection, pod, options, signal),
    exec: (pod, options, signal) => exec(connection, pod, options, signal),
    forward: (pod, port, signal) => forward(connection, pod, port, signal),
    raw: (path, signal) => read(connection, { path }, signal),
    async text(path, signal) {
      const body = await read(connection, { path, isText: true }, signal);
      return typeof body === 'string' ? body : undefined;
    },
    can: (question, signal) => can(connection, question, signal),
    token: (account, options, signal) => token(connection, account, options, signal),
    asServiceAccount: (bearer) => kubeOf(connection.withToken(bearer)),
    close: connection.close,
  };
}
