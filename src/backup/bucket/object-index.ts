import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PassThrough } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createZstdCompress, createZstdDecompress } from 'node:zlib';
import type { ObjectEntry } from '../../adapters/objects/objects.ts';
import { sha256Hex } from '../../core/digest.ts';
import { gathering } from '../gather.ts';
import { type ObjectLine, objectLineSchema } from '../set/manifest.ts';

/** What the last run on this machine knew of the objects of a bucket, and what this one learns. */
export interface ObjectIndex extends AsyncDisposable {
  /**
   * What is known of an object that has not changed. To be asked in the order of the listing; in another
   * order it knows less.
   */
  find(entry: ObjectEntry): Promise<ObjectLine | undefined>;
  keep(line: ObjectLine): Promise<void>;
  /** Puts what was kept into the place of what was known before. */
  replace(): Promise<void>;
}

/**
 * Milliseconds that an object has to be older than the run that read it: a store may count time in
 * whole seconds, in which an object can be written twice.
 */
const racyMs = 2000;

/**
 * Kept beside the runs, on the machine that makes sets, which may read the bucket anyway: what an earlier
 * set says in the repository might have been changed by others. A run without one reads everything.
 * @param of whatever makes objects others: repository, bucket, prefix, recipients
 */
export async function openObjectIndex(
  home: string,
  of: readonly string[],
  startedAt: Date,
): Promise<ObjectIndex> {
  const folder = join(home, 'object-index');
  const path = join(folder, `${sha256Hex(Buffer.from(JSON.stringify(of)))}.jsonl.zst`);
  // Two runs at once write one each, and the later one counts.
  const partial = `${path}.${randomBytes(6).toString('hex')}${unfinished}`;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await removeOld(folder);
  const known = knownLines(path);
  const fresh = new PassThrough();
  const lines = gathering();
  fresh.write(`${JSON.stringify({ startedAt: startedAt.toISOString() })}\n`);
  const written = pipeline(
    fresh,
    createZstdCompress(),
    createWriteStream(partial, { mode: 0o600, flags: 'w' }),
  );
  // A disk that is full must not fail a backup that is done.
  const whole = written.then(
    () => true,
    () => false,
  );
  let next: IteratorResult<KnownLine> | undefined;
  const advance = async (entry: ObjectEntry): Promise<ObjectLine | undefined> => {
    const key = Buffer.from(entry.key);
    for (;;) {
      next ??= await known.next();
      if (next.done) return undefined;
      const { line, readAt } = next.value;
      const order = Buffer.compare(Buffer.from(line.key), key);
      if (order > 0) return undefined;
      next = undefined;
      if (order === 0) return isSame(entry, line, readAt) ? line : undefined;
    }
  };
  let last: Promise<unknown> = Promise.resolve();
  return {
    find(entry) {
      const found = last.then(() => advance(entry));
      last = found.catch(() => undefined);
      return found;
    },
    async keep(line) {
      const piece = lines.add(`${JSON.stringify(line)}\n`);
      if (piece === undefined || fresh.destroyed || fresh.write(piece)) return;
      await Promise.race([once(fresh, 'drain').catch(() => undefined), whole]);
    },
    async replace() {
      fresh.end(lines.rest());
      if (await whole) await rename(partial, path).catch(() => undefined);
    },
    async [Symbol.asyncDispose]() {
      fresh.destroy();
      await whole;
      await known.return(undefined);
      await rm(partial, { force: true });
    },
  };
}

const unfinished = '.partial';
/** Milliseconds after which the run that wrote it is not there any more. */
const deadMs = 7 * 86_400_000;

/** What runs left that were killed. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(unfinished)) continue;
    const path = join(folder, name);
    const info = await stat(path).catch(() => undefined);
    if (info && Date.now() - info.mtimeMs > deadMs) await rm(path, { force: true });
  }
}

function isSame(
  { size, etag, lastModified }: ObjectEntry,
  line: ObjectLine,
  readAt: number,
): boolean {
  return (
    line.size === size &&
    line.etag === etag &&
    line.lastModified === lastModified.toISOString() &&
    lastModified.getTime() + racyMs < readAt
  );
}

interface KnownLine {
  readonly line: ObjectLine;
  /** When the run began that read it; milliseconds since 1970. */
  readonly readAt: number;
}

/** Up to the first that is not as it was written: what is not known is read again. */
async function* knownLines(path: string): AsyncGenerator<KnownLine, undefined> {
  const file = createReadStream(path);
  const plain = createZstdDecompress();
  const reading = pipeline(file, plain).catch(() => undefined);
  const lines = createInterface({ input: plain, crlfDelay: Number.POSITIVE_INFINITY });
  try {
    let readAt: number | undefined;
    for await (const text of lines) {
      if (readAt === undefined) {
        readAt = Date.parse(JSON.parse(text).startedAt);
        continue;
      }
      const parsed = objectLineSchema.safeParse(JSON.parse(text));
      if (!parsed.success) return undefined;
      yield { line: parsed.data, readAt };
    }
  } catch {
    return undefined;
  } finally {
    lines.close();
    file.destroy();
    plain.destroy();
    await reading;
  }
}
