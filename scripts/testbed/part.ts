import type { Bed, PortName } from './bed.ts';
import type { ProcessId } from './processes.ts';
import type { BinaryName } from './recipes.ts';
import type { SandboxOptions, SpawnInside } from './sandbox.ts';

export const partNames = [
  'engine',
  'podman',
  'registry',
  'kubernetes',
  'postgres',
  'postgres-next',
  'minio',
  'versitygw',
  'toxiproxy',
  'prometheus',
  'chromium',
  'pgbackrest',
  'barman',
] as const;

export type PartName = (typeof partNames)[number];

/** What a shell or a test needs to use a part: environment variables. */
export type PartEnvironment = Readonly<Record<string, string>>;

/** A program of the system, and the Debian package that has it. */
export interface Program {
  readonly program: string;
  readonly package: string;
}

/** One system of the bed. */
export interface Part {
  readonly name: PartName;
  readonly title: string;
  /** The variable that names a system of one's own; when it is set, nothing is started. */
  readonly variable: string;
  /** Parts that run before this one. */
  readonly needs?: readonly PartName[];
  readonly programs?: readonly Program[];
  readonly binaries?: readonly BinaryName[];
  /** Ports of the host it listens on. */
  readonly ports?: readonly PortName[];
  /** It makes networks or mounts that only root can. */
  readonly needsRoot?: boolean;
  sandbox?(bed: Bed): Pick<SandboxOptions, 'covered' | 'binds'> & { readonly network: boolean };
  /** The host's end of its network link. */
  link?(bed: Bed): string;
  /** Control groups it makes, in every controller. */
  cgroups?(bed: Bed): readonly string[];
  /** Folders it makes outside of the bed's, removed when empty. */
  foldersOutside?(bed: Bed): readonly string[];
  /** Starts it and waits until it serves. @throws Problem */
  start(context: StartContext): Promise<PartEnvironment>;
}

export interface StartContext {
  readonly bed: Bed;
  /** Empty, and the part's own. */
  readonly folder: string;
  /** The first process of the part's namespaces. */
  readonly init: ProcessId;
  /** Starts a server in them and records it. */
  spawn(name: string, command: readonly string[], options?: SpawnInside): Promise<ProcessId>;
  run(
    command: readonly string[],
    options?: SpawnInside & { readonly input?: string },
  ): Promise<string>;
  /** The path of a program of one of the part's `binaries`. */
  program(binary: BinaryName, name: string): string;
  /** The folder of another part of this bed. */
  folderOf(part: PartName): string;
  /** Waits until `ask` answers true; a Problem with the server's last words when it ends or takes too long. */
  ready(
    server: string,
    process: ProcessId,
    ask: () => Promise<boolean>,
    seconds?: number,
  ): Promise<void>;
}
