import { pipeline, type Readable } from 'node:stream';
import { damageOf, type Expected, type Meter, meter, unpacked } from './meter.ts';
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
    const outer = meter({ onBytes });
    pipeline(stored, outer, () => undefined);
    const wrong = expected
      ? await damageIn(unpacked(outer, readable(expected, repository), repository))
      : await wrongDigest(key, outer);
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

/** What of it can be checked: without an identity, what is encrypted is bytes like others. */
function readable(expected: Expected, { identities }: Repository): Expected {
  if (expected.encryption === null || identities) return expected;
  return { ...expected, plain: expected.stored, compression: null, encryption: null };
}

async function wrongDigest(key: string, stored: Meter): Promise<string | undefined> {
  for await (const _ of stored);
  const { sha256 } = stored.extent();
  return sha256 === digestOfObject(key)
    ? undefined
    : `it is not what was written: SHA-256 ${sha256}`;
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
