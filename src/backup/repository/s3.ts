import { randomBytes } from 'node:crypto';
import type { ObjectStore } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import { inTurn } from '../in-turn.ts';
import {
  checkedKey,
  digestOfObject,
  isDigestName,
  objectKey,
  type PutOutcome,
  type Repository,
  repositoryFolders,
} from './repository.ts';
import { type Spooled, spool } from './spool.ts';

type Addressed = PutOutcome & { readonly key: string };

export interface S3Place {
  readonly endpoint: string;
  readonly bucket: string;
  /** Empty, or ends with `/`. */
  readonly prefix: string;
}

/**
 * A repository in a bucket that exists. Content is spooled first, for S3 wants to know its size and
 * digest; `If-None-Match: *` keeps a name from being written twice.
 */
export function s3Repository(store: ObjectStore, place: S3Place): Repository {
  const { endpoint, bucket, prefix } = place;
  const shown = `s3:${endpoint}/${bucket}/${prefix}`;
  const nameOf = (key: string) => prefix + checkedKey(key);
  const missing = () => new Fault('repository-unreadable', `${shown}: there is no such bucket`);

  const storing = inTurn();

  /** What is there already of the same content: under its name, or whole under any of its folder. */
  const found = async (
    within: string | undefined,
    key: string,
    size: number,
    signal: AbortSignal,
  ): Promise<string | undefined> => {
    if (within === undefined) return (await store.stat(bucket, nameOf(key), signal)) && key;
    const entries = await store.list(bucket, prefix + within, signal);
    if (!entries) throw missing();
    for await (const entry of entries) {
      if (entry.size === size && isDigestName(entry.key)) return entry.key.slice(prefix.length);
    }
    return undefined;
  };

  const send = async (key: string, content: Spooled, signal: AbortSignal): Promise<PutOutcome> => {
    const options = { ...content.extent, ifAbsent: true };
    const { outcome } = await store.put(bucket, nameOf(key), content.content(), options, signal);
    if (outcome === 'bucket-missing') throw missing();
    return { outcome, ...content.extent };
  };

  return {
    place: shown,
    async check(signal) {
      const key = `${repositoryFolders.partial}probe.${randomBytes(6).toString('hex')}`;
      await using content = await spool(bytes('probe'));
      await send(key, content, signal);
      await store.remove(bucket, nameOf(key), {}, signal);
      return { freeBytes: null };
    },
    async put(key, source, _, signal) {
      await using content = await spool(source);
      return await send(key, content, signal);
    },
    async putAddressed(source, { announce, folder }, signal) {
      await using content = await spool(source);
      const within = folder?.();
      const key =
        within === undefined ? objectKey(content.extent.sha256) : within + content.extent.sha256;
      // Equal objects that come at once wait for each other, and are sent once.
      return await storing<Addressed>(within ?? key, async () => {
        const there = await found(within, key, content.extent.size, signal);
        if (there !== undefined) {
          const sha256 = digestOfObject(there);
          return { outcome: 'exists', size: content.extent.size, sha256, key: there };
        }
        await announce(key);
        return { ...(await send(key, content, signal)), key };
      });
    },
    async get(key, signal) {
      return (await store.get(bucket, nameOf(key), {}, signal))?.body;
    },
    async stat(key, signal) {
      const found = await store.stat(bucket, nameOf(key), signal);
      return found && { key, size: found.size };
    },
    async *list(folder, signal) {
      const entries = await store.list(bucket, prefix + folder, signal);
      if (!entries) throw missing();
      for await (const { key, size } of entries) yield { key: key.slice(prefix.length), size };
    },
    async remove(key, signal) {
      await store.remove(bucket, nameOf(key), {}, signal);
    },
    settle: async () => undefined,
    async discard(owner, signal) {
      const own = `${prefix}${repositoryFolders.sets}${owner}/`;
      const uploads = (await store.listUploads(bucket, own, signal)) ?? [];
      for await (const upload of uploads) await store.abortUpload(bucket, upload, signal);
    },
    close: () => store.close(),
  };
}

async function* bytes(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}
