import type { RunSetting } from '../validators/runtime/image-run.ts';
import type {
  EnvironmentSeen,
  LimitsSeen,
  Looked,
  ProcessSeen,
  StopSeen,
  UserSeen,
} from '../validators/runtime/observation.ts';
import type { ProbeContext, ProbeRequest } from './request.ts';
import type { RunSettings } from './settings.ts';

/** What is known of an image before it is run. */
export interface ImageOnBench {
  /** Digest of what is run; as it was named where nobody could ask. */
  readonly id: string;
  /** Of its layers; empty where they could not be read. */
  readonly diffIds: readonly string[];
  readonly config: Looked<{
    readonly hasHealthCheck: boolean;
    readonly volumes: readonly string[];
  }>;
}

/** How a container stands. */
export interface RunState {
  readonly running: boolean;
  readonly exitCode: number;
  readonly oomKilled: boolean;
  /** Words of what runs it about its end; often empty. */
  readonly error: string;
  /** Null without a health check. */
  readonly health: {
    /** `healthy`, or another word. */
    readonly status: string;
    /** What the check printed last. */
    readonly output: string;
  } | null;
  /** Where it can be asked; undefined when it has no network. */
  readonly address: string | undefined;
}

/** Whether a container could be started, which is a fact about the image. */
export interface Attempt {
  /** Its name from now on. */
  readonly container: string;
  /** The words of what runs it; undefined when it was started. */
  readonly refused: string | undefined;
}

export interface MainProcess {
  readonly process: Looked<ProcessSeen>;
  readonly environment: Looked<EnvironmentSeen>;
}

/** Under what a proposal was seen to work. */
export interface Proof {
  /** Such as the address of an engine. */
  readonly where: string;
  /** What more there is to say of it. */
  readonly grounds: readonly { readonly setting: string; readonly text: string }[];
}

/**
 * Where one image is tried: an engine, or a namespace of a cluster. The same questions are asked of each. Whatever is
 * made here is known to the ledger before, and goes with the scope.
 *
 * Methods reject with the signal's reason. What does not take a setting, which says nothing about the image, rejects
 * @throws Fault `engine-failed`, `cluster-failed`
 */
export interface Bench extends ProbeContext {
  readonly request: ProbeRequest;
  readonly image: ImageOnBench;
  /** Where containers run, as people call it. */
  readonly place: string;
  /** The profile of system calls that is in force when nothing is said. */
  readonly seccomp: { readonly inForce: boolean; readonly whose: string };
  /** Capabilities that can be given back after all were dropped. */
  readonly capabilities: readonly string[];
  /** Questions that cannot be asked here, and why. */
  readonly cannot: Readonly<Partial<Record<RunSetting, string>>>;

  /** Makes a container and has it started. */
  start(settings: RunSettings): Promise<Attempt>;
  /** Undefined when somebody removed it. It may be told late: {@link runsNow} is not. */
  inspect(container: string): Promise<RunState | undefined>;
  /** Whether it is seen running this moment. False also says that nobody can tell. */
  runsNow(container: string): Promise<boolean>;
  /** Whether it answers an HTTP request from 200 to 399, as a kubelet asks. */
  answers(container: string): Promise<boolean>;
  output(container: string, options: OutputOptions): Promise<Output | undefined>;
  look(container: string): Promise<MainProcess>;
  /** Every process that can be seen, the main one first. */
  users(container: string, main: Looked<ProcessSeen>): Promise<Looked<readonly UserSeen[]>>;
  /** The topmost paths outside of volumes that it wrote to. */
  written(container: string): Promise<Looked<readonly string[]>>;
  limits(container: string, memory: number): Promise<Looked<LimitsSeen>>;
  /** As a rollout does: its stop signal, and SIGKILL after its grace. */
  stop(container: string): Promise<Looked<StopSeen>>;
  /** Gone with its own volumes, also when the run was interrupted. */
  remove(container: string): Promise<void>;
  /** Asked last, of settings that all worked at once. */
  prove(settings: RunSettings): Promise<Proof>;
}

export interface OutputOptions {
  /** The last so many lines only. */
  readonly tail: number;
  readonly maxBytes?: number;
}

interface Output {
  readonly stdout: string;
  readonly stderr: string;
}

/** Folders that outlive a container. */
export function volumesOf({ image: { config }, request }: Bench): readonly string[] {
  const own = 'seen' in config ? config.seen.volumes : [];
  return [...new Set([...own, ...request.volumes])];
}
