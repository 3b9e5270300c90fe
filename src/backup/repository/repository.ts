import type { Readable } from 'node:stream';
import { sha256Hex } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Identities } from '../encryption/identity-file.ts';

/** Bytes and their digest. */
export interface Extent {
  /** Bytes. */
  readonly size: number;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
}

/** A stream, or all of something that is small. */
export type Content = AsyncIterable<Uint8Array> | Uint8Array;

export interface StoredEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
}

export const extentOf = (content: Uint8Array): Extent => ({
  size: content.length,
  sha256: sha256Hex(content),
});

export interface PutOptions {
  /** Whose unfinished work it is until it is whole: the id of a set, for {@link Repository.discard}. */
  readonly owner: string;
}

export type PutOutcome = Extent & { readonly outcome: 'stored' | 'exists' };

export interface AddressedOptions extends PutOptions {
  /** Told the key before anything appears under it, so that a crash leaves nothing unknown. */
  readonly announce: (key: string) => Promise<void>;
  /**
   * Folder of the content, asked for once it was read, where its own digest must not tell what it is:
   * one that is there under any name of the folder is the same content. Ends with `/`.
   */
  readonly folder?: (() => string) | undefined;
}

/**
 * Where backup sets live: names with bytes behind them. A name is written once and never again, and
 * whole or not at all.
 *
 * Every method throws Fault `repository-unwritable` or `repository-unreadable` (folder), or a fault
 * of the object store, and the signal's reason.
 */
export interface Repository {
  /** For people, without credentials. */
  readonly place: string;
  /** The keys of whoever reads, for what is encrypted. */
  readonly identities?: Identities | undefined;
  /** Tries to write and to remove. */
  check(signal: AbortSignal): Promise<{
    /** Bytes that are free; null where the place does not say. */
    readonly freeBytes: number | null;
  }>;
  /** The source's own error is thrown as it is, and nothing is stored then. */
  put(
    key: string,
    content: AsyncIterable<Uint8Array>,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<PutOutcome>;
  /**
   * Stores content below the name its SHA-256 gives it, durably once it was settled; `exists`, with the extent of what is there,
   * when it is there already.
   */
  putAddressed(
    content: Content,
    options: AddressedOptions,
    signal: AbortSignal,
  ): Promise<PutOutcome & { readonly key: string }>;
  /** Has to be read to its end or destroyed; undefined when there is no such name. */
  get(key: string, signal: AbortSignal): Promise<Readable | undefined>;
  stat(key: string, signal: AbortSignal): Promise<StoredEntry | undefined>;
  /** Every name that begins with `prefix`, which ends with `/`; unfinished work is not among them. */
  list(prefix: string, signal: AbortSignal): AsyncIterable<StoredEntry>;
  /** Harmless when there is no such name. */
  remove(key: string, signal: AbortSignal): Promise<void>;
  /** Once it resolves, all that was stored, or was there already, outlives a loss of power. */
  settle(signal: AbortSignal): Promise<void>;
  /** Removes what an owner's puts left unfinished. */
  discard(owner: string, signal: AbortSignal): Promise<void>;
  /** Lets go of connections; calls under way go on. */
  close(): void;
}

const keyPattern = /^[A-Za-z0-9][A-Za-z0-9._-]*(?:\/[A-Za-z0-9][A-Za-z0-9._-]*)*$/;

/** Names that every file system and every object store keeps apart, and that lead nowhere else. */
export function isRepositoryKey(text: string): boolean {
  return text.length <= 512 && keyPattern.test(text);
}

/** A manifest is a file that others may have written: a name in it must not lead out of the place. */
export function checkedKey(key: string): string {
  if (!isRepositoryKey(key)) {
    throw new Fault('repository-unreadable', `'${key}' is no name that a repository can hold`);
  }
  return key;
}

/** Folders that share the root: sets, their shared objects, and what is said about sets later. */
export const repositoryFolders = {
  sets: 'sets/',
  objects: 'objects/',
  rehearsals: 'rehearsals/',
  verifications: 'verifications/',
  tombstones: 'tombstones/',
  removals: 'removals/',
  leases: 'leases/',
  partial: 'partial/',
} as const;

export function objectKey(sha256: string): string {
  return `${repositoryFolders.objects}${sha256.slice(0, 2)}/${sha256}`;
}

/** The digest that the name of an object holds: of the bytes behind it. */
export const digestOfObject = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

export const isDigestName = (key: string): boolean => /^[0-9a-f]{64}$/.test(digestOfObject(key));

/** All bytes of a small name. @throws Fault `repository-unreadable` when it is larger than that */
export async function readWhole(
  repository: Repository,
  key: string,
  signal: AbortSignal,
  maxBytes = 64 * 1024 * 1024,
): Promise<Buffer | undefined> {
  const content = await repository.get(key, signal);
  if (!content) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Fault('repository-unreadable', `${key} is over ${maxBytes / 1024 / 1024} MiB`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
