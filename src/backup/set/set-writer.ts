import { Readable } from 'node:stream';
import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { namespaces } from '../../core/ssh-signature.ts';
import type { Sealing } from '../encryption/sealing.ts';
import { type MeterOptions, packed, sealedForm } from '../meter.ts';
import type { Lease } from '../repository/lease.ts';
import type { Content, Extent, PutOutcome, Repository } from '../repository/repository.ts';
import { countedObjects } from '../retention/counted-objects.ts';
import type { RepositoryRef } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import { detailsText, withoutDetails } from './details.ts';
import { type Manifest, manifestText, type SetFile, setSums } from './manifest.ts';
import { contentNames, setFiles, setKey } from './set-id.ts';
import type { Sign } from './signature.ts';
import { beginSet } from './unfinished.ts';

export interface SetWriter {
  readonly set: string;
  /**
   * Writes a file, compressed, and encrypted where the set is.
   * @param path without what tells of either
   */
  file(path: string, plain: Readable, signal: AbortSignal, options?: FileOptions): Promise<SetFile>;
  /** Stores content that sets share. */
  object(content: Content, signal: AbortSignal): Promise<StoredObject>;
  /**
   * Counts on an object that an earlier set stored.
   * @param size of the bytes in the repository
   * @returns whether it is there
   */
  reuse(key: string, size: number, signal: AbortSignal): Promise<boolean>;
  /**
   * The last step: signature and sums, then the manifest, which makes it a set.
   * @returns the manifest with all that the set tells to whoever can decrypt it
   */
  publish(
    manifest: Omit<Manifest, 'encryption' | 'files' | 'set' | 'signature'>,
  ): Promise<{ readonly manifest: Manifest; readonly digest: string }>;
}

export interface FileOptions extends Pick<MeterOptions, 'onBytes'> {
  /** It has to be readable without a key, and tells nothing of the contents. */
  readonly open?: boolean;
}

export interface SetPlace {
  readonly repository: Repository;
  readonly ref: RepositoryRef;
  readonly lease: Pick<Lease, 'confirm'>;
}

export interface SetForm {
  /** Null for a set that is not encrypted. */
  readonly sealing: Sealing | null;
  /** Null for one that is not signed. */
  readonly sign: Sign | null;
}

export interface StoredObject {
  readonly key: string;
  readonly plain: Extent;
  /** Null where it is stored as it is. */
  readonly encrypted: Extent | null;
}

/**
 * Begins a set, which goes again when the scope ends without {@link SetWriter.publish}.
 * @param form how it is written
 */
export async function startSet(
  { repository, ref, lease }: SetPlace,
  set: string,
  { sealing, sign }: SetForm,
  systems: BackupSystems,
): Promise<SetWriter> {
  const { signal, clock } = systems;
  const { announce, others } = await beginSet(repository, ref, set, systems);
  const files: SetFile[] = [];
  const reused = new Set<string>();
  const owner = { owner: set };

  const put = async (path: string, content: string): Promise<PutOutcome> => {
    const stored = await repository.put(setKey(set, path), text(content), owner, signal);
    if (stored.outcome === 'exists') {
      throw new Fault('repository-unwritable', `${setKey(set, path)} is there already`);
    }
    return stored;
  };

  const started = { set, pid: process.pid, at: clock.now().toISOString() };
  const { size, sha256: hex } = await put(setFiles.started, `${JSON.stringify(started)}\n`);
  const extent = { size, sha256: hex };
  const asItIs = { compression: null, encryption: null };
  files.push({ path: setFiles.started, stored: extent, plain: extent, ...asItIs });
  const counted = await countedObjects(repository, set, signal);

  const file: SetWriter['file'] = async (name, source, signal, { open = false, onBytes } = {}) => {
    const own = open ? null : sealing;
    const path = `${name}.zst${own ? '.age' : ''}`;
    const { stored, plain } = packed(source, { sealing: own, onBytes });
    const { size, sha256 } = await repository.put(setKey(set, path), stored, owner, signal);
    const written: SetFile = {
      path,
      stored: { size, sha256 },
      plain: plain(),
      compression: 'zstd',
      encryption: own && 'age',
    };
    files.push(written);
    return written;
  };

  /** Of what an earlier set stored. */
  const countOn = (key: string): void => {
    // Whoever cleans up after another unfinished set might take away what this one counts on.
    if (others.length > 0) reused.add(key);
    counted.add(key);
  };

  return {
    set,
    file,
    async object(content, signal) {
      const form = sealing && (await sealedForm(content, sealing));
      const stored = await repository.putAddressed(
        form?.stored ?? content,
        {
          ...owner,
          announce,
          folder: form ? () => sealing.folderOf(form.plain().sha256) : undefined,
        },
        signal,
      );
      const { outcome, key, size, sha256 } = stored;
      if (outcome === 'exists') countOn(key);
      else counted.add(key);
      return form
        ? { key, plain: form.plain(), encrypted: { size, sha256 } }
        : { key, plain: { size, sha256 }, encrypted: null };
    },
    async reuse(key, size, signal) {
      if ((await repository.stat(key, signal))?.size !== size) return false;
      countOn(key);
      return true;
    },
    async publish(parts) {
      for (const key of reused) {
        if (!(await repository.stat(key, signal))) {
          throw new Fault('repository-unreadable', `${key} was removed by somebody meanwhile`);
        }
      }
      const whole: Manifest = { ...parts, set, files, encryption: null, signature: null };
      const details =
        sealing && (await file(contentNames.details, text(detailsText(whole)), signal));
      const manifest: Manifest = {
        ...whole,
        encryption: details && {
          algorithm: 'age',
          recipients: [...sealing.recipients],
          details: details.path,
        },
        signature: sign && { namespace: namespaces.backup, path: setFiles.signature },
      };
      const published = manifestText(details ? withoutDetails(manifest) : manifest);
      const signature = sign && (await sign(published));
      if (signature !== null) await put(setFiles.signature, signature);
      await counted.requireSafe();
      await repository.settle(signal);
      // Twice: sums without a manifest are taken for a set that somebody damaged.
      await lease.confirm();
      await put(setFiles.sums, setSums(files, published, signature));
      await lease.confirm();
      await put(setFiles.manifest, published);
      return { manifest, digest: sha256(published) };
    },
  };
}

const text = (content: string): Readable => Readable.from([Buffer.from(content)]);
