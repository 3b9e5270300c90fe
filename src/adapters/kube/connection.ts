import { Agent as HttpAgent, type OutgoingHttpHeaders } from 'node:http';
import { Agent as HttpsAgent, type RequestOptions } from 'node:https';
import { type Cluster, KubeConfig, type User } from '@kubernetes/client-node';
import { Fault, messageOf } from '../../core/fault.ts';
import { parseObject, textOf } from '../../core/json.ts';
import { readSmall } from '../../core/read-small.ts';
import { abortable } from './abort.ts';
import type { LoadedConfig, RawUser } from './config.ts';
import { type PluginCredential, runCredentialPlugin } from './credential-plugin.ts';
import type { KubeTarget } from './object.ts';

/** A server and an identity. */
export interface Connection {
  readonly target: KubeTarget;
  readonly url: URL;
  /** What a request needs to reach the server and to be let in. */
  options(signal: AbortSignal): Promise<ConnectionOptions>;
  /** Forgets credentials that were refused; false when new ones cannot be had. */
  renew(): boolean;
  /** The same server with a bearer token and nothing else. */
  withToken(token: string): Connection;
  close(): void;
}

export interface ConnectionOptions extends RequestOptions {
  headers: OutgoingHttpHeaders;
}

/** Below the 90 s after which the API server ends an idle connection (Go's http2 and http1 default there). */
const idleSocketMs = 30_000;
/** A credential is renewed this much before its end, for clocks that differ. */
const renewBeforeMs = 10_000;

export interface ConnectOptions {
  readonly namespace?: string;
  /** Told every credential that is sent, so that it can be kept out of messages. */
  readonly register?: (secret: string) => void;
}

export function connectionOf(config: LoadedConfig, options: ConnectOptions): Connection {
  const { context, cluster, user, rawUser } = config;
  const url = new URL(cluster.server);
  const target = {
    context: context.name,
    server: `${url.origin}${url.pathname.replace(/\/$/, '')}`,
    user: user?.name ?? 'anonymous',
    namespace: options.namespace ?? context.namespace ?? 'default',
  };
  const { register } = options;
  return connectionAs({ target, url, cluster, user, rawUser, register });
}

interface Identity {
  readonly target: KubeTarget;
  readonly url: URL;
  readonly cluster: Cluster;
  readonly user: User | undefined;
  readonly rawUser: RawUser | undefined;
  readonly register: ((secret: string) => void) | undefined;
}

function connectionAs(identity: Identity): Connection {
  const { target, url, cluster, user, rawUser, register } = identity;
  const secure = url.protocol === 'https:';
  const kc = new KubeConfig();
  // A user of no name: KubeConfig passes over the cluster's CA when there is no user at all.
  kc.loadFromClusterAndUser(cluster, { ...user, name: user?.name ?? '', exec: undefined });
  const agent = agentOf(cluster, secure);
  const plugin = rawUser?.exec === undefined ? undefined : pluginOf(rawUser);

  return {
    target,
    url,
    async options(signal) {
      const options: ConnectionOptions = { headers: {} };
      // As kubectl: nothing that proves an identity travels in clear text.
      if (!secure) return { ...options, agent };
      try {
        await abortable(kc.applyToHTTPSOptions(options), signal);
        if (rawUser?.tokenFile !== undefined) {
          const token = (await readSmall(rawUser.tokenFile)).toString('utf8').trim();
          if (token === '') throw new Error(`${rawUser.tokenFile} is empty`);
          options.headers.Authorization = `Bearer ${token}`;
        }
      } catch (error) {
        signal.throwIfAborted();
        throw new Fault(
          'kubeconfig-invalid',
          `the credentials of user '${target.user}' cannot be used: ${messageOf(error)}`,
        );
      }
      if (plugin) usePlugin(options, await plugin.credential(signal));
      impersonate(options.headers, rawUser);
      const authorization = String(options.headers.Authorization ?? '');
      if (authorization !== '') register?.(authorization.replace(/^\S+\s+/, ''));
      if (typeof options.auth === 'string') register?.(options.auth);
      // KubeConfig's own agent keeps no connection; for SOCKS it is the one that knows the way.
      return agent === undefined ? options : { ...options, agent };
    },
    renew: () => plugin?.forget() ?? false,
    withToken(token) {
      const name = subjectOf(token) ?? 'bearer token';
      return connectionAs({
        ...identity,
        target: { ...target, user: name },
        user: { name, token },
        rawUser: undefined,
      });
    },
    close() {
      for (const idle of Object.values(agent?.freeSockets ?? {})) {
        for (const socket of idle ?? []) socket.destroy();
      }
    },
  };
}

/** Undefined for SOCKS, which KubeConfig has an agent for. */
function agentOf({ proxyUrl }: Cluster, secure: boolean): HttpAgent | undefined {
  if (proxyUrl?.startsWith('socks')) return undefined;
  const proxyEnv =
    proxyUrl === undefined ? process.env : { HTTP_PROXY: proxyUrl, HTTPS_PROXY: proxyUrl };
  const options = { keepAlive: true, timeout: idleSocketMs, proxyEnv };
  return secure ? new HttpsAgent(options) : new HttpAgent(options);
}

function pluginOf(rawUser: RawUser) {
  let known: PluginCredential | undefined;
  let running: Promise<PluginCredential> | undefined;
  return {
    async credential(signal: AbortSignal): Promise<PluginCredential> {
      for (;;) {
        signal.throwIfAborted();
        if (known && known.expires - renewBeforeMs > Date.now()) return known;
        const own = running === undefined;
        // One run serves every request that waits; its own signal is the first one's.
        running ??= runCredentialPlugin(rawUser, signal).finally(() => {
          running = undefined;
        });
        try {
          known = await abortable(running, signal);
          return known;
        } catch (error) {
          if (own || error instanceof Fault) throw error;
        }
      }
    },
    forget(): boolean {
      const had = known !== undefined;
      known = undefined;
      return had;
    },
  };
}

function usePlugin(options: ConnectionOptions, credential: PluginCredential): void {
  if (credential.token !== undefined) options.headers.Authorization = `Bearer ${credential.token}`;
  if (credential.certificate !== undefined) {
    options.cert = credential.certificate;
    options.key = credential.key;
  }
}

/** What KubeConfig leaves out of impersonation: it sends the user's name alone. */
function impersonate(headers: OutgoingHttpHeaders, rawUser: RawUser | undefined): void {
  if (rawUser?.asUid !== undefined) headers['Impersonate-Uid'] = rawUser.asUid;
  if (rawUser && rawUser.asGroups.length > 0) headers['Impersonate-Group'] = [...rawUser.asGroups];
}

/** The `sub` claim of a JSON Web Token (RFC 7519), such as `system:serviceaccount:shop:deploy`. */
function subjectOf(token: string): string | undefined {
  const claims = Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8');
  return textOf(parseObject(claims)?.sub);
}
