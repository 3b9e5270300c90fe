import { Readable } from 'node:stream';
import { sha256 } from '../core/digest.ts';
import { Fault } from '../core/fault.ts';
import { type Manifest, manifestText, type SetFile, setSums } from './manifest.ts';
import { packed } from './meter.ts';
import type { PutOutcome, Repository } from './repository.ts';
import { publishGuard } from './retention/publish-guard.ts';
import { setFiles, setKey } from './set-id.ts';
import type { RepositoryRef } from './sources.ts';
import type { BackupSystems } from './systems.ts';
import { beginSet } from './unfinished.ts';

export interface SetWriter {
  readonly set: string;
  /** Files written so far. */
  readonly files: readonly SetFile[];
  /** Writes a file, compressed. @param onBytes told the plain bytes */
  file(
    path: string,
    plain: Readable,
    signal: AbortSignal,
    onBytes?: (bytes: number) => void,
  ): Promise<SetFile>;
  /** Stores content that sets share. */
  object(
    content: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): Promise<PutOutcome & { readonly key: string }>;
  /** The last step: sums, then the manifest, which makes it a set. */
  publish(manifest: Manifest): Promise<{ readonly digest: string }>;
}

/** Begins a set, which goes again when the scope ends without {@link SetWriter.publish}. */
export async function startSet(
  repository: Repository,
  ref: RepositoryRef,
  set: string,
  systems: BackupSystems,
): Promise<SetWriter> {
  const { signal, clock } = systems;
  const { announce, others } = await beginSet(repository, ref, set, systems);
  const files: SetFile[] = [];
  const reused = new Set<string>();
  const owner = { owner: set };

  const put = async (path: string, text: string): Promise<PutOutcome> => {
    const stored = await repository.put(setKey(set, path), bytesOf(text), owner, signal);
    if (stored.outcome === 'exists') {
      throw new Fault('repository-unwritable', `${setKey(set, path)} is there already`);
    }
    return stored;
  };

  const started = { set, pid: process.pid, at: clock.now().toISOString() };
  const { size, sha256: hex } = await put(setFiles.started, `${JSON.stringify(started)}\n`);
  const extent = { size, sha256: hex };
  files.push({ path: setFiles.started, stored: extent, plain: extent, compression: null });
  const guard = await publishGuard(repository, set, signal);

  return {
    set,
    files,
    async file(path, source, signal, onBytes) {
      const { stored, plain } = packed(source, onBytes);
      const { size, sha256 } = await repository.put(setKey(set, path), stored, owner, signal);
      const file: SetFile = {
        path,
        stored: { size, sha256 },
        plain: plain(),
        compression: 'zstd',
      };
      files.push(file);
      return file;
    },
    async object(content, signal) {
      const stored = await repository.putAddressed(content, { ...owner, announce }, signal);
      // Whoever cleans up after another unfinished set might take away what this one counts on.
      if (stored.outcome === 'exists' && others.length > 0) reused.add(stored.key);
      if (stored.outcome === 'exists') guard.reuses(stored.key);
      return stored;
    },
    async publish(manifest) {
      for (const key of reused) {
        if (!(await repository.stat(key, signal))) {
          throw new Fault('repository-unreadable', `${key} was removed by somebody meanwhile`);
        }
      }
      await guard.check();
      const text = manifestText(manifest);
      await put(setFiles.sums, setSums(manifest.files, text));
      await put(setFiles.manifest, text);
      return { digest: sha256(text) };
    },
  };
}

const bytesOf = (text: string): AsyncIterable<Uint8Array> => Readable.from([Buffer.from(text)]);
