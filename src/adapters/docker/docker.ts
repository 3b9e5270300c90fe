import type { Readable } from 'node:stream';
import type {
  Change,
  ContainerEntry,
  ContainerOptions,
  ContainerState,
  ContainerStats,
  ExecOptions,
  Isolation,
  LogOptions,
  Output,
  ProcessEntry,
  Started,
} from './container.ts';

export interface EngineVersion {
  readonly engine: string;
  /** Of the API, such as `1.41`. */
  readonly api: string;
  readonly os: string;
  /** Go's name, such as `amd64`. */
  readonly architecture: string;
}

export interface EngineImage {
  /** Digest of the configuration, or of the manifest where containerd keeps the images. */
  readonly id: string;
  readonly repoTags: readonly string[];
  /** `NAME@sha256:…` of every repository it was pulled from or pushed to. */
  readonly repoDigests: readonly string[];
  /** Bytes. */
  readonly size: number;
  readonly architecture: string;
  readonly os: string;
  /** RFC 3339, or empty. */
  readonly created: string;
  /** Digests of its layers before compression, from the lowest up. */
  readonly diffIds: readonly string[];
  readonly config: {
    readonly user: string;
    /** Values may be secret and stay behind. */
    readonly environmentNames: readonly string[];
    readonly entrypoint: readonly string[];
    readonly cmd: readonly string[];
    /** `80/tcp` */
    readonly exposedPorts: readonly string[];
    /** Null when the image has none, or takes one back. */
    readonly healthcheck: { readonly test: readonly string[] } | null;
    readonly labels: Readonly<Record<string, string>>;
    readonly volumes: readonly string[];
    readonly stopSignal: string;
  };
}

export interface RegistryAuth {
  readonly username: string;
  readonly password: string;
}

export interface PullProgress {
  /** Of a layer; empty for what concerns the whole. */
  readonly id: string;
  readonly status: string;
  /** Bytes so far and in all, where the engine tells. */
  readonly bytes?: number;
  readonly total?: number;
}

/**
 * A Docker Engine. An image or container that is not there is a value, not a fault: `undefined`, or
 * `false` from what acts on one. Containers are named by id or name.
 *
 * Every method rejects with the signal's reason, ending its request; what the engine had begun by then
 * it may finish. Otherwise
 * @throws Fault `engine-unreachable`, `engine-failed`, `reference-invalid`
 */
export interface Engine {
  /** Where it is, as the user wrote it. */
  readonly host: string;
  ping(signal: AbortSignal): Promise<void>;
  version(signal: AbortSignal): Promise<EngineVersion>;
  isolation(signal: AbortSignal): Promise<Isolation>;

  /** By a reference, or an id. */
  inspectImage(reference: string, signal: AbortSignal): Promise<EngineImage | undefined>;
  /** The archive that `docker save` writes. Destroying the stream ends the request. */
  saveImage(reference: string, signal: AbortSignal): Promise<Readable | undefined>;
  /**
   * Takes an archive that `docker save` wrote.
   * @returns names, and `sha256:` ids of images without one
   */
  loadImage(archive: Readable, signal: AbortSignal): Promise<readonly string[]>;
  /**
   * @returns whether the registry has it
   * @throws Fault `registry-denied`, `registry-unreachable` as well, in the engine's words
   */
  pull(
    reference: string,
    options: {
      readonly auth?: RegistryAuth;
      readonly onProgress?: (progress: PullProgress) => void;
    },
    signal: AbortSignal,
  ): Promise<boolean>;
  /** Takes the name away, and the image with its last one; true also when a container still uses it. */
  removeImage(reference: string, signal: AbortSignal): Promise<boolean>;

  /** @returns its id; undefined when the image is not there */
  createContainer(options: ContainerOptions, signal: AbortSignal): Promise<string | undefined>;
  start(container: string, signal: AbortSignal): Promise<Started | undefined>;
  /** Until it does not run, which a container that was never started does not. */
  wait(container: string, signal: AbortSignal): Promise<{ readonly exitCode: number } | undefined>;
  inspect(container: string, signal: AbortSignal): Promise<ContainerState | undefined>;
  /** Of a container without a terminal, such as those made here. */
  logs(container: string, options: LogOptions, signal: AbortSignal): Promise<Output | undefined>;
  /** What it wrote outside of its volumes, so far. */
  changes(container: string, signal: AbortSignal): Promise<readonly Change[] | undefined>;
  /** Undefined also when it does not run. The engine asks `ps` of its own machine. */
  processes(container: string, signal: AbortSignal): Promise<readonly ProcessEntry[] | undefined>;
  /** Undefined also when it does not run. */
  stats(container: string, signal: AbortSignal): Promise<ContainerStats | undefined>;
  /**
   * Undefined also when it does not run. An abort leaves the command running: it ends with its
   * container.
   */
  exec(
    container: string,
    options: ExecOptions,
    signal: AbortSignal,
  ): Promise<(Output & { readonly exitCode: number }) | undefined>;
  /** By its stop signal, then by SIGKILL when the seconds are over; true when it does not run. */
  stop(container: string, graceSeconds: number, signal: AbortSignal): Promise<boolean>;
  /** @param name of a signal, such as `SIGTERM`; false when it does not run */
  kill(container: string, name: string, signal: AbortSignal): Promise<boolean>;
  /** False when it does not run, or is paused. */
  pause(container: string, signal: AbortSignal): Promise<boolean>;
  /** False when it is not paused. */
  unpause(container: string, signal: AbortSignal): Promise<boolean>;
  /** Running or not, with its anonymous volumes; resolves once it is gone, also when it long was. */
  remove(container: string, signal: AbortSignal): Promise<void>;
  /** Those made here, running or not; of one owner if given. */
  listContainers(
    options: { readonly owner?: string },
    signal: AbortSignal,
  ): Promise<readonly ContainerEntry[]>;
}

export interface EngineOptions {
  /** `unix:///PATH` or `tcp://HOST:PORT`, instead of what the environment says. */
  readonly host?: string;
}

/**
 * Finds the engine that `docker` would talk to: DOCKER_HOST, else the context of DOCKER_CONTEXT or of
 * config.json, else the default socket; and makes sure that it answers.
 * @throws Fault `engine-unreachable`, `engine-failed`
 */
export type OpenEngine = (options: EngineOptions, signal: AbortSignal) => Promise<Engine>;
