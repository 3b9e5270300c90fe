import { homedir } from 'node:os';
import { delimiter, dirname, isAbsolute, join } from 'node:path';
import { type Cluster, type Context, KubeConfig, type User } from '@kubernetes/client-node';
import { parse, YAMLParseError } from 'yaml';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { type JsonObject, objectOf, objectsOf, textOf } from '../../core/json.ts';
import { readSmall } from '../../core/read-small.ts';
import { nearest } from '../../core/suggest.ts';

export interface ConfigOptions {
  /** A file; $KUBECONFIG, ~/.kube/config or the pod's own account when not given. */
  readonly kubeconfig?: string;
  /** The kubeconfig's current one when not given. */
  readonly context?: string;
}

/** A user entry beyond what KubeConfig reads of it. */
export interface RawUser {
  readonly name: string;
  /** A file that holds a bearer token, read for every request. */
  readonly tokenFile?: string;
  /** Credential plugin (client.authentication.k8s.io). */
  readonly exec?: JsonObject;
  readonly asUid?: string;
  readonly asGroups: readonly string[];
  /** Folder of the kubeconfig, from which relative paths start. */
  readonly folder: string;
}

export interface LoadedConfig {
  readonly context: Context;
  readonly cluster: Cluster;
  /** Undefined when the context names none. */
  readonly user: User | undefined;
  readonly rawUser: RawUser | undefined;
}

/** Where a pod finds its own account (Kubernetes documentation, "Accessing the API from a Pod"). */
const podToken = '/var/run/secrets/kubernetes.io/serviceaccount/token';

/**
 * The context to use. Files of $KUBECONFIG are merged as kubectl does: the first to set a name wins,
 * and missing ones are passed over.
 * @throws Fault `kubeconfig-invalid`
 */
export async function loadConfig(options: ConfigOptions): Promise<LoadedConfig> {
  const rawUsers = new Map<string, RawUser>();
  const kc = new KubeConfig();
  const files = kubeconfigFiles(options);
  let found = 0;
  for (const file of files) {
    const text = await readConfig(file);
    if (text === undefined) continue;
    found++;
    merge(kc, rawUsers, file, text);
  }
  if (found === 0) {
    if (options.kubeconfig !== undefined || !process.env.KUBERNETES_SERVICE_HOST) {
      throw invalid(`${files.join(', ')}: no such file; name a kubeconfig with --kubeconfig FILE`);
    }
    kc.loadFromCluster();
    const folder = dirname(podToken);
    for (const { name } of kc.users) {
      rawUsers.set(name, { name, tokenFile: podToken, asGroups: [], folder });
    }
  }
  return chosen(kc, rawUsers, options.context);
}

function kubeconfigFiles({ kubeconfig }: ConfigOptions): string[] {
  if (kubeconfig !== undefined) return [kubeconfig];
  const listed = (process.env.KUBECONFIG ?? '').split(delimiter).filter((file) => file !== '');
  return listed.length > 0 ? listed : [join(homedir(), '.kube', 'config')];
}

async function readConfig(file: string): Promise<string | undefined> {
  try {
    return (await readSmall(file)).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw invalid(`${file}: ${messageOf(error)}`);
  }
}

function merge(kc: KubeConfig, rawUsers: Map<string, RawUser>, file: string, text: string): void {
  const document = parsed(file, text);
  const one = new KubeConfig();
  // Entries that nobody chose may be incomplete; the chosen one is looked at below.
  one.loadFromString(JSON.stringify(document), { onInvalidEntry: 'filter' });
  one.makePathsAbsolute(dirname(file));
  const named = <T extends { name: string }>(into: T[], from: readonly T[]) => {
    into.push(...from.filter(({ name }) => !into.some((known) => known.name === name)));
  };
  named(kc.clusters, one.clusters);
  named(kc.contexts, one.contexts);
  named(kc.users, one.users);
  if (!kc.currentContext && one.currentContext) kc.setCurrentContext(one.currentContext);
  for (const user of rawUsersOf(document, dirname(file))) {
    if (!rawUsers.has(user.name)) rawUsers.set(user.name, user);
  }
}

/** The parser's own message would quote the line, which may hold a token. */
function parsed(file: string, text: string): JsonObject {
  let document: unknown;
  try {
    document = parse(text, { logLevel: 'error' });
  } catch (error) {
    const line = error instanceof YAMLParseError ? error.linePos?.[0].line : undefined;
    throw invalid(`${file}${line === undefined ? '' : `, line ${line}`}: this is not YAML`);
  }
  const config = objectOf(document);
  if (config === undefined) throw invalid(`${file}: this is not a kubeconfig`);
  return config;
}

function rawUsersOf(document: JsonObject, folder: string): RawUser[] {
  return objectsOf(document.users).flatMap((entry) => {
    const name = textOf(entry.name);
    const user = objectOf(entry.user);
    if (name === undefined || user === undefined) return [];
    const tokenFile = textOf(user.tokenFile);
    const exec = objectOf(user.exec);
    const asUid = textOf(user['as-uid']);
    const groups = user['as-groups'];
    return {
      name,
      folder,
      asGroups: Array.isArray(groups) ? groups.map(String) : [],
      ...(tokenFile === undefined ? {} : { tokenFile: within(folder, tokenFile) }),
      ...(exec === undefined ? {} : { exec }),
      ...(asUid === undefined ? {} : { asUid }),
    };
  });
}

const within = (folder: string, path: string): string =>
  isAbsolute(path) ? path : join(folder, path);

function chosen(
  kc: KubeConfig,
  rawUsers: ReadonlyMap<string, RawUser>,
  wanted: string | undefined,
): LoadedConfig {
  const name = wanted ?? kc.currentContext;
  const known = kc.contexts.map((context) => context.name);
  if (!name) {
    throw invalid(`no current context is set; choose one with --context: ${few(known)}`);
  }
  const context = kc.getContextObject(name);
  if (context === null) {
    const meant = nearest(name, known);
    const guess = meant === undefined ? '.' : `; did you mean '${meant}'?`;
    throw invalid(`there is no context '${name}'${guess} Known: ${few(known)}`);
  }
  const cluster = kc.getCluster(context.cluster);
  if (cluster === null) {
    throw invalid(
      `context '${name}' names cluster '${context.cluster}', of which there is no entry with a server`,
    );
  }
  if (!URL.canParse(cluster.server) || !/^https?:/.test(cluster.server)) {
    throw invalid(`cluster '${context.cluster}' has a server that is no URL`);
  }
  if (context.user === undefined) return { context, cluster, user: undefined, rawUser: undefined };
  const user = kc.getUser(context.user);
  if (user === null) {
    throw invalid(`context '${name}' names user '${context.user}', of which there is no entry`);
  }
  return { context, cluster, user, rawUser: rawUsers.get(context.user) };
}

const few = (names: readonly string[]): string =>
  names.length === 0
    ? 'none'
    : names.slice(0, 8).join(', ') + (names.length > 8 ? ` and ${names.length - 8} more` : '');

const invalid = (message: string): Fault => new Fault('kubeconfig-invalid', message);
