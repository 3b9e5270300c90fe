import { pipeline, type Readable } from 'node:stream';
import { damageOf, difference, type Expected, meter, unpacked } from './meter.ts';
import { digestOfObject, type Repository } from './repository/repository.ts';
import type { Problem } from './set/reports.ts';
import type { BackupSystems } from './systems.ts';

/** What reading the bytes of a set has shown so far. */
export interface Reading {
  readonly problems: readonly Problem[];
  readonly counts: { readonly files: number; readonly objects: number; readonly bytes: number };
  problem(path: string, text: string): void;
  file(key: string, expected: Expected): Promise<void>;
  /** @param expected null where only the digest of the stored bytes is known */
  object(key: string, expected: Expected | null): Promise<void>;
}

export function startReading(repository: Repository, { signal, onEvent }: BackupSystems): Reading {
  const problems: Problem[] = [];
  const counts = { files: 0, objects: 0, bytes: 0 };
  const read = async (key: string, expected: Expected | null) => {
    const stored = await repository.get(key, signal);
    if (!stored) return void problems.push({ path: key, problem: 'it is missing' });
    const onBytes = (bytes: number) => {
      counts.bytes += bytes;
      onEvent({ type: 'bytes', bytes });
    };
    const wrong = await wrongWith(stored, { key, expected, onBytes, repository });
    signal.throwIfAborted();
    if (wrong !== undefined) problems.push({ path: key, problem: wrong });
  };
  return {
    problems,
    counts,
    problem: (path, problem) => problems.push({ path, problem }),
    file(key, expected) {
      counts.files += 1;
      return read(key, expected);
    },
    object(key, expected) {
      counts.objects += 1;
      return read(key, expected);
    },
  };
}

interface Looked {
  readonly key: string;
  readonly expected: Expected | null;
  readonly onBytes: (bytes: number) => void;
  readonly repository: Repository;
}

/** What can be checked of stored bytes: without an identity, what is encrypted is bytes like others. */
async function wrongWith(
  stored: Readable,
  { key, expected, onBytes, repository }: Looked,
): Promise<string | undefined> {
  if (expected && (expected.encryption === null || repository.identities)) {
    const { identities } = repository;
    return damageIn(unpacked(stored, expected, { identities, onStored: onBytes }));
  }
  const measured = meter({ onBytes });
  pipeline(stored, measured, () => undefined);
  for await (const _ of measured);
  const found = measured.extent();
  if (expected) return difference('its stored form', found, expected.stored);
  return found.sha256 === digestOfObject(key)
    ? undefined
    : `it is not what was written: SHA-256 ${found.sha256}`;
}

/** Reads to the end. @returns what is wrong with the content; other errors are thrown */
export async function damageIn(content: Readable): Promise<string | undefined> {
  try {
    for await (const _ of content);
    return undefined;
  } catch (error) {
    const damage = damageOf(error);
    if (damage === undefined) throw error;
    return damage;
  }
}
