import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeWhole } from '../../src/core/write-whole.ts';
import type { Bed } from './bed.ts';
import type { PartEnvironment, PartName } from './part.ts';
import { isAlive, type ProcessId } from './processes.ts';
import type { SpawnInside } from './sandbox.ts';

/** A server, and how to start it again after it was ended on purpose. */
export interface Server extends ProcessId {
  readonly command: readonly string[];
  readonly options: SpawnInside;
}

/** What is known of a started part, in `<bed>/<part>/part.json`. */
export interface PartState {
  readonly init: ProcessId;
  /** The servers, by name. */
  readonly processes: Readonly<Record<string, Server>>;
  /** The FIFO of the run it ends with; absent when it runs until it is brought down. */
  readonly owner?: string | undefined;
  /** Folders outside of the bed's that were made for it. */
  readonly foldersMade: readonly string[];
  /** Set once it serves. */
  readonly environment?: PartEnvironment;
  readonly startedAt?: string;
}

export const partFolder = (bed: Bed, part: PartName): string => join(bed.folder, part);

const stateFile = (bed: Bed, part: PartName): string => join(partFolder(bed, part), 'part.json');

/** Undefined when nothing was started, or the file is not whole. */
export async function readState(bed: Bed, part: PartName): Promise<PartState | undefined> {
  try {
    return JSON.parse(await readFile(stateFile(bed, part), 'utf8'));
  } catch {
    return undefined;
  }
}

export const writeState = (bed: Bed, part: PartName, state: PartState): Promise<void> =>
  writeWhole(stateFile(bed, part), JSON.stringify(state, undefined, 2));

/** Names of servers that are recorded and no longer run; `sandbox` for the first process. */
export async function deadProcesses(state: PartState): Promise<string[]> {
  const all = Object.entries({ sandbox: state.init, ...state.processes });
  const alive = await Promise.all(all.map(([, process]) => isAlive(process)));
  return all.filter((_, index) => !alive[index]).map(([name]) => name);
}
