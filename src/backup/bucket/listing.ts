import type { z } from 'zod';
import { DamagedContent } from '../damaged.ts';
import { type Expected, unpacked } from '../meter.ts';
import {
  digestOfObject,
  isDigestName,
  isRepositoryKey,
  type Repository,
} from '../repository/repository.ts';
import { type ObjectLine, objectLineSchema, type SetFile } from '../set/manifest.ts';
import { setKey } from '../set/set-id.ts';
import {
  type ContentLine,
  isContent,
  type VersionLine,
  versionLineSchema,
} from './version-line.ts';

/**
 * The objects of a bucket of a set, in order. The iteration ends in DamagedContent when the listing is
 * not the one that was written.
 * @throws Fault `identity-missing`, `identity-wrong`
 */
export async function* readListing(
  repository: Repository,
  set: string,
  file: SetFile,
  signal: AbortSignal,
): AsyncGenerator<ObjectLine> {
  for await (const line of linesOf(repository, set, file, signal)) {
    yield parseLine(line, objectLineSchema);
  }
}

/**
 * The versions and delete markers of a bucket of a set, key by key, oldest first. The iteration ends in
 * DamagedContent when the listing is not the one that was written.
 * @throws Fault `identity-missing`, `identity-wrong`
 */
export async function* readVersions(
  repository: Repository,
  set: string,
  file: SetFile,
  signal: AbortSignal,
): AsyncGenerator<VersionLine> {
  for await (const line of linesOf(repository, set, file, signal)) {
    yield parseLine(line, versionLineSchema);
  }
}

/** The versions with content of those that {@link readVersions} gives. */
export async function* readContents(
  ...call: Parameters<typeof readVersions>
): AsyncGenerator<ContentLine> {
  for await (const line of readVersions(...call)) if (isContent(line)) yield line;
}

/**
 * The keys of the objects a set counts on, in the order of the listing, some several times. To be read
 * without a key. The iteration ends in DamagedContent when they are not the ones that were written.
 */
export async function* readSums(
  repository: Repository,
  set: string,
  file: SetFile,
  signal: AbortSignal,
): AsyncGenerator<string> {
  for await (const line of linesOf(repository, set, file, signal)) {
    const [sha256, key = ''] = line.split('  ');
    if (!isRepositoryKey(key) || !isDigestName(key) || digestOfObject(key) !== sha256) {
      throw new DamagedContent('a line of it is not the sum of an object');
    }
    yield key;
  }
}

/** As sha256sum reads it; the name of an object ends in the digest of its bytes. */
export const sumsLine = (key: string): string => `${digestOfObject(key)}  ${key}\n`;

/** What is behind the name of an object. */
export function expectedOf({ size, sha256, encrypted }: ObjectLine): Expected {
  const plain = { size, sha256 };
  return {
    stored: encrypted ?? plain,
    plain,
    compression: null,
    encryption: encrypted && 'age',
  };
}

async function* linesOf(
  repository: Repository,
  set: string,
  file: SetFile,
  signal: AbortSignal,
): AsyncGenerator<string> {
  const stored = await repository.get(setKey(set, file.path), signal);
  if (!stored) throw new DamagedContent('it is not there');
  const plain = unpacked(stored, file, repository);
  let rest = '';
  const decoder = new TextDecoder('utf-8', { fatal: false });
  for await (const chunk of plain) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
}

function parseLine<T>(text: string, schema: z.ZodType<T>): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DamagedContent('a line of it is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw new DamagedContent('a line of it does not describe an object');
  return parsed.data;
}
