import { homedir } from 'node:os';
import { systemClock } from '../adapters/clock/system.ts';
import type { OpenEngine } from '../adapters/docker/docker.ts';
import type { Git } from '../adapters/git/git.ts';
import type { OpenOptions } from '../adapters/kube/client.ts';
import type { Kube } from '../adapters/kube/kube.ts';
import type { ObjectStores } from '../adapters/objects/objects.ts';
import type { Postgres } from '../adapters/postgres/postgres.ts';
import type { ProcessRunner } from '../adapters/process/process.ts';
import type { Prompt } from '../adapters/prompt/prompt.ts';
import type { Registry, RegistryOptions } from '../adapters/registry/registry.ts';
import type { Clock } from '../core/clock.ts';
import type { Redactor } from '../core/redact.ts';

interface PullSecrets {
  /** Docker configurations that are asked for credentials before this machine's own. */
  readonly dockerConfigs?: readonly string[];
}

/** The real systems. Each implementation is imported when a command first asks for it. */
export interface Adapters {
  readonly clock: Clock;
  processes(): Promise<ProcessRunner>;
  git(): Promise<Git>;
  prompt(): Promise<Prompt>;
  /** Reads the kubeconfig; nothing is sent yet. @throws Fault `kubeconfig-invalid` */
  kube(options: Omit<OpenOptions, 'register'>, signal: AbortSignal): Promise<Kube>;
  engine(): Promise<OpenEngine>;
  registry(options?: RegistryOptions & PullSecrets): Promise<Registry>;
  postgres(): Promise<Postgres>;
  objects(): Promise<ObjectStores>;
}

/** @param redact learns every credential that an adapter meets */
export function realAdapters(redact: Redactor): Adapters {
  const register = (secret: string): void => redact.register(secret);
  const processes = async () =>
    (await import('../adapters/process/execa.ts')).createProcessRunner();
  return {
    clock: systemClock,
    processes,
    async git() {
      const { createGit } = await import('../adapters/git/command.ts');
      return createGit(await processes());
    },
    async prompt() {
      const { createPrompt } = await import('../adapters/prompt/terminal.ts');
      return createPrompt({ input: process.stdin, output: process.stderr });
    },
    async kube(options, signal) {
      const { openKube } = await import('../adapters/kube/client.ts');
      return openKube({ ...options, register }, signal);
    },
    async engine() {
      const { createOpenEngine } = await import('../adapters/docker/open.ts');
      return createOpenEngine(process.env);
    },
    async registry({ dockerConfigs, ...options } = {}) {
      const { createRegistry } = await import('../adapters/registry/distribution.ts');
      const { createCredentials } = await import('../adapters/registry/credentials.ts');
      const { withPullSecrets } = await import('../adapters/registry/pull-secrets.ts');
      const machine = createCredentials({
        processes: await processes(),
        environment: process.env,
      });
      const credentials = dockerConfigs ? withPullSecrets(dockerConfigs, machine) : machine;
      return createRegistry({ ...options, credentials, redact });
    },
    async postgres() {
      const { createPostgres } = await import('../adapters/postgres/pg.ts');
      return createPostgres({ env: process.env, home: homedir(), register });
    },
    async objects() {
      const { createObjectStores } = await import('../adapters/objects/s3.ts');
      return createObjectStores({ env: process.env, register });
    },
  };
}
