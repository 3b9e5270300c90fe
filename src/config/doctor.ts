import { access } from 'node:fs/promises';
import { request } from 'node:http';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { ProcessRunner } from '../adapters/process/process.ts';
import { askHttp } from '../core/ask-http.ts';
import { Fault, messageOf } from '../core/fault.ts';
import type { LoadedConfig } from './load.ts';
import { type Tool, tools } from './tools.ts';

export interface Diagnosis {
  readonly name: string;
  readonly kind: 'tool' | 'server';
  readonly status: 'found' | 'missing' | 'not-configured' | 'no-answer';
  /** Version or address. */
  readonly detail: string;
  readonly neededFor: string;
  readonly howToGet: string;
}

export interface DoctorContext {
  readonly config: LoadedConfig;
  readonly processes: ProcessRunner;
  readonly signal: AbortSignal;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Looks for every program and server that deploycheck can use; nothing is changed anywhere. */
export async function diagnose(context: DoctorContext): Promise<Diagnosis[]> {
  const programs = tools.map((tool) => diagnoseTool(tool, context));
  return Promise.all([
    ...programs,
    diagnoseEngine(context),
    diagnoseCluster(context),
    ...diagnoseDatabases(context),
    ...diagnoseBuckets(context),
  ]);
}

async function diagnoseTool(
  { name, versionArgs, neededFor, howToGet }: Tool,
  { processes, signal }: DoctorContext,
): Promise<Diagnosis> {
  const base = { name, kind: 'tool', neededFor, howToGet } as const;
  // ssh-keygen has no version switch; `ssh -V` of the same package tells it.
  const [command, args] = name === 'ssh-keygen' ? ['ssh', ['-V']] : [name, versionArgs];
  try {
    const { stdout, stderr } = await processes.run(command, args, { signal, timeoutMs: 5000 });
    const line = `${stdout}\n${stderr}`.trim().split('\n')[0] ?? '';
    return { ...base, status: 'found', detail: line };
  } catch (error) {
    if (!(error instanceof Fault)) throw error;
    return { ...base, status: 'missing', detail: error.message };
  }
}

async function diagnoseEngine({ env, signal }: DoctorContext): Promise<Diagnosis> {
  const base = {
    name: 'container engine',
    kind: 'server',
    neededFor: 'runtime probes of images',
    howToGet: 'start Docker or Podman, or set DOCKER_HOST',
  } as const;
  const host = env.DOCKER_HOST ?? 'unix:///var/run/docker.sock';
  const socketPath = host.startsWith('unix://') ? host.slice('unix://'.length) : undefined;
  if (env.DOCKER_HOST === undefined && !(await exists(socketPath ?? ''))) {
    return { ...base, status: 'not-configured', detail: `${host} is not there` };
  }
  try {
    const version = socketPath
      ? await get({ socketPath, path: '/version', signal })
      : await get({ ...addressOf(host.replace(/^tcp:/, 'http:')), path: '/version', signal });
    const parsed: unknown = JSON.parse(version.body);
    return { ...base, status: 'found', detail: `${host}, version ${field(parsed, 'Version')}` };
  } catch (error) {
    return { ...base, status: 'no-answer', detail: `${host}: ${messageOf(error)}` };
  }
}

async function diagnoseCluster({ env, processes, signal }: DoctorContext): Promise<Diagnosis> {
  const base = {
    name: 'Kubernetes cluster',
    kind: 'server',
    neededFor: 'simulation, live references, rollback',
    howToGet: 'set KUBECONFIG, or write ~/.kube/config',
  } as const;
  const kubeconfig = env.KUBECONFIG ?? join(homedir(), '.kube', 'config');
  if (!(await exists(kubeconfig))) {
    return { ...base, status: 'not-configured', detail: `${kubeconfig} is not there` };
  }
  try {
    const args = ['version', '-o', 'json', '--request-timeout=3s'];
    const result = await processes.run('kubectl', args, { signal, timeoutMs: 8000 });
    const parsed: unknown = JSON.parse(result.stdout || '{}');
    const server = field(parsed, 'serverVersion');
    const version = field(server, 'gitVersion');
    if (typeof version === 'string') return { ...base, status: 'found', detail: version };
    const why = result.stderr.trim().split('\n')[0] ?? '';
    return { ...base, status: 'no-answer', detail: `${kubeconfig}: ${why}` };
  } catch (error) {
    return { ...base, status: 'no-answer', detail: `${kubeconfig}: ${messageOf(error)}` };
  }
}

function diagnoseDatabases({
  config,
  env,
  processes,
  signal,
}: DoctorContext): Promise<Diagnosis>[] {
  return Object.entries(config.value.databases ?? {}).map(
    async ([name, database]): Promise<Diagnosis> => {
      const base = {
        name: `database ${name}`,
        kind: 'server',
        neededFor: 'backups, migration rehearsal',
        howToGet: 'set the variable that deploycheck.yaml names to a connection URL',
      } as const;
      const variable = database.env ?? /^env:(.+)$/.exec(database.url ?? '')?.[1];
      const url = variable === undefined ? undefined : env[variable];
      if (url === undefined && database.service === undefined) {
        const detail = variable === undefined ? 'no variable named' : `${variable} is not set`;
        return { ...base, status: 'not-configured', detail };
      }
      try {
        // The URL may hold a password, so it goes to libpq through the environment, never argv.
        const connection =
          url === undefined ? { PGSERVICE: database.service ?? '' } : libpqEnv(url);
        const args = ['--no-psqlrc', '-At', '-w', '-c', 'show server_version'];
        const options = { signal, timeoutMs: 8000, env: { ...connection, PGCONNECT_TIMEOUT: '3' } };
        const { exitCode, stdout, stderr } = await processes.run('psql', args, options);
        return exitCode === 0
          ? { ...base, status: 'found', detail: `PostgreSQL ${stdout.trim()}` }
          : { ...base, status: 'no-answer', detail: stderr.trim().split('\n')[0] ?? '' };
      } catch (error) {
        return { ...base, status: 'no-answer', detail: messageOf(error) };
      }
    },
  );
}

/** Environment variables of libpq (PostgreSQL manual, 34.15) for a connection URL. */
function libpqEnv(text: string): Record<string, string> {
  const url = new URL(text);
  const decoded: Record<string, string> = {
    PGHOST: url.searchParams.get('host') ?? url.hostname,
    PGPORT: url.port,
    PGDATABASE: decodeURIComponent(url.pathname.slice(1)),
    PGUSER: decodeURIComponent(url.username),
    PGPASSWORD: decodeURIComponent(url.password),
    PGSSLMODE: url.searchParams.get('sslmode') ?? '',
  };
  return Object.fromEntries(Object.entries(decoded).filter(([, value]) => value !== ''));
}

function diagnoseBuckets({ config, env, signal }: DoctorContext): Promise<Diagnosis>[] {
  return Object.entries(config.value.buckets ?? {}).map(
    async ([name, { endpoint }]): Promise<Diagnosis> => {
      const base = {
        name: `object store of ${name}`,
        kind: 'server',
        neededFor: 'backups of objects',
        howToGet: 'set the endpoint that deploycheck.yaml names',
      } as const;
      const variable = /^env:(.+)$/.exec(endpoint)?.[1];
      const address = variable === undefined ? endpoint : env[variable];
      if (address === undefined) {
        return { ...base, status: 'not-configured', detail: `${variable} is not set` };
      }
      const answer = await askHttp({ url: address, timeoutMs: 3000 }, signal);
      if (answer.status === null) {
        return { ...base, status: 'no-answer', detail: `${address}: ${answer.error}` };
      }
      const server = answer.headers.server ?? `HTTP ${answer.status}`;
      return { ...base, status: 'found', detail: `${address}, ${server}` };
    },
  );
}

interface Get {
  readonly socketPath?: string;
  readonly host?: string;
  readonly port?: number;
  readonly path: string;
  readonly signal: AbortSignal;
}

function addressOf(text: string): { host: string; port: number } {
  const url = new URL(text);
  return { host: url.hostname, port: Number(url.port) || 80 };
}

function get({ signal, ...options }: Get): Promise<{ status: number; body: string }> {
  const bounded = AbortSignal.any([signal, AbortSignal.timeout(3000)]);
  return new Promise((resolve, reject) => {
    const sent = request({ ...options, signal: bounded }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        body += chunk;
        if (body.length > 1024 * 1024) sent.destroy(new Error('answer over 1 MiB'));
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
      response.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
}

function field(value: unknown, name: string): unknown {
  return value !== null && typeof value === 'object' ? Reflect.get(value, name) : undefined;
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
