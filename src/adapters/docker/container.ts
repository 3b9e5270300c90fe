export interface ContainerOptions {
  readonly image: string;
  /** What it is made for, such as a run id; a label that `listContainers` finds it by. */
  readonly owner: string;
  /** Free to choose; known before the call, it can be removed even when the call is aborted. */
  readonly name?: string;
  readonly entrypoint?: readonly string[];
  readonly cmd?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly labels?: Readonly<Record<string, string>>;
  /** `NAME`, `UID` or `UID:GID` instead of the image's. */
  readonly user?: string;
  readonly readonlyRootfs?: boolean;
  /** Capabilities taken away; `['ALL']` takes all. */
  readonly dropCapabilities?: readonly string[];
  /** Capabilities given on top of what is left. */
  readonly addCapabilities?: readonly string[];
  /** A set-id program gains nothing. */
  readonly noNewPrivileges?: boolean;
  /** Bytes, swap included. */
  readonly memory?: number;
  readonly pids?: number;
  /** In thousandths of a processor. */
  readonly milliCpus?: number;
  /** `none`, which is what it has when not given, `bridge`, or the name of a network. */
  readonly network?: string;
  /** Mount options by path, such as `{'/tmp': 'size=16m'}`. */
  readonly tmpfs?: Readonly<Record<string, string>>;
  /** Paths of volumes without a name, which go with the container. */
  readonly volumes?: readonly string[];
  /** A container whose volumes this one gets, too. */
  readonly volumesFrom?: string;
  /** Kernel parameters of its name spaces. */
  readonly sysctls?: Readonly<Record<string, string>>;
  /** Milliseconds between two runs of the image's own health check, instead of the image's. */
  readonly healthIntervalMs?: number;
  /** A small init as PID 1, which reaps and hands signals on. */
  readonly init?: boolean;
}

/** A container that could not start is a fact about the image. */
export type Started =
  | { readonly started: true }
  /** The engine's own words, such as `exec: "/app": permission denied`. */
  | { readonly started: false; readonly reason: string };

export interface ContainerState {
  readonly id: string;
  readonly name: string;
  /** `created`, `running`, `paused`, `restarting`, `removing`, `exited` or `dead`. */
  readonly status: string;
  readonly running: boolean;
  /** On the engine's machine; 0 when it does not run. */
  readonly pid: number;
  readonly exitCode: number;
  /** The kernel ended a process of it for want of memory. */
  readonly oomKilled: boolean;
  readonly error: string;
  /** RFC 3339; empty when it has not come to that. */
  readonly startedAt: string;
  readonly finishedAt: string;
  /** `starting`, `healthy` or `unhealthy`; null without a health check. */
  readonly health: {
    readonly status: string;
    /** What the last probe printed. */
    readonly output: string;
  } | null;
  /** By the name of the network. */
  readonly addresses: Readonly<Record<string, string>>;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
}

export interface ContainerEntry {
  readonly id: string;
  readonly name: string;
  readonly image: string;
  readonly status: string;
  readonly owner: string;
  readonly created: Date;
}

export interface OutputOptions {
  /** Bytes kept of each stream; 1 MiB when not given. What comes after is read and dropped. */
  readonly maxBytes?: number;
}

export interface LogOptions extends OutputOptions {
  /** Until the container ends. */
  readonly follow?: boolean;
  /** The last so many lines only. */
  readonly tail?: number;
  /**
   * Called with every piece as it comes, also with those that are not kept. Of a container that ends
   * while it is followed, the engine may leave the last piece out here; the result has it.
   */
  readonly onOutput?: (stream: 'stdout' | 'stderr', bytes: Uint8Array) => void;
}

export interface Output {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether a part of it was dropped. */
  readonly truncated: boolean;
}

export interface ExecOptions extends OutputOptions {
  readonly command: readonly string[];
  readonly user?: string;
  readonly environment?: Readonly<Record<string, string>>;
}

export interface ContainerStats {
  /** Nanoseconds of all processors since it started. */
  readonly cpu: number;
  /** Bytes, the page cache included. */
  readonly memory: number;
  /** Bytes; the machine's memory when it has no limit. */
  readonly memoryLimit: number;
  readonly pids: number;
}

/** A path whose content differs from the image's; volumes are not among them. */
export interface Change {
  readonly path: string;
  readonly kind: 'modified' | 'added' | 'deleted';
}

/** A process of a container, as the kernel of the engine's machine has it. */
export interface ProcessEntry {
  /** On the engine's machine. */
  readonly pid: number;
  /** Effective ids, in the engine's own user name space. */
  readonly uid: number;
  readonly gid: number;
  /** Name of its program, cut by the kernel. */
  readonly command: string;
}

/** How the engine keeps its containers apart. */
export interface Isolation {
  /** Whether a profile of system calls is applied when nothing is said. */
  readonly seccomp: boolean;
  /** Whether ids in containers are other ids outside. */
  readonly userNamespaces: boolean;
}
