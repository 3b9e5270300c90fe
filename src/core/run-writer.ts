import { randomBytes } from 'node:crypto';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from './clock.ts';
import { type FileDigest, sha256, sha256Hex, sumsText } from './digest.ts';
import type { Evidence, EvidenceSink } from './evidence.ts';
import type { RunRecord } from './record.ts';
import { changeIndex, type RunHome, runFiles, runFolder, writing } from './run-folder.ts';
import { appendIndex } from './run-index.ts';
import type { StoredRun } from './run-store.ts';
import type { Scope } from './scope.ts';

const evidenceName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,120}$/;

export interface RunWriter {
  readonly id: string;
  readonly evidence: EvidenceSink;
  /** Writes record and sums, makes the run visible in one rename, and chains it. Returns its folder. */
  publish(record: RunRecord): Promise<string>;
}

/**
 * Starts a run in a folder no reader sees until {@link RunWriter.publish}; a run that ends before
 * leaves nothing behind.
 * @throws Fault `run-folder-unwritable`
 */
export async function startRun(
  home: RunHome,
  { clock, scope, signal }: { clock: Clock; scope: Scope; signal: AbortSignal },
): Promise<RunWriter> {
  const id = newRunId(clock.now());
  const partial = runFolder(home, `.partial-${id}`);
  await scope.defer('unfinished run folder', () => rm(partial, { recursive: true, force: true }), {
    leftover: { kind: 'folder', ref: partial },
  });
  await writing(partial, () => mkdir(join(partial, runFiles.evidence), { recursive: true }));
  await writing(partial, () => mkdir(join(partial, runFiles.signoffs)));
  const sums: FileDigest[] = [];

  const write = async (path: string, content: string | Uint8Array): Promise<FileDigest> => {
    signal.throwIfAborted();
    await writing(partial, () => writeDurably(join(partial, path), content));
    const entry = { path, sha256: sha256Hex(content) };
    sums.push(entry);
    return entry;
  };

  return {
    id,
    evidence: {
      async add({ name, mediaType, content, how }): Promise<Evidence> {
        if (!evidenceName.test(name)) throw new Error(`evidence name '${name}' is not a file name`);
        const path = `${runFiles.evidence}/${name}`;
        if (sums.some((entry) => entry.path === path)) {
          throw new Error(`evidence '${name}' was added twice`);
        }
        const { sha256: hex } = await write(path, content);
        const size = Buffer.byteLength(content);
        return { name, mediaType, sha256: hex, size, obtainedAt: clock.now().toISOString(), how };
      },
    },
    async publish(record) {
      const text = `${JSON.stringify(record, null, 2)}\n`;
      await write(runFiles.record, text);
      await writing(partial, () => writeDurably(join(partial, runFiles.sums), sumsText(sums)));
      const folder = runFolder(home, id);
      await changeIndex(home, signal, async (index) => {
        await appendIndex(index, {
          run: id,
          record: sha256(text),
          command: record.command,
          startedAt: record.startedAt,
          verdict: record.verdict,
        });
        await rename(partial, folder);
      });
      return folder;
    },
  };
}

function newRunId(now: Date): string {
  const stamp = now.toISOString().replace(/[-:.]/g, '');
  return `${stamp}-${randomBytes(3).toString('hex')}`;
}

async function writeDurably(path: string, content: string | Uint8Array): Promise<void> {
  const handle = await open(path, 'wx');
  try {
    await handle.writeFile(content);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/**
 * Chains a sign-off that was stored beside a run, so that removing it shows.
 * @param file name below `signoffs/`
 */
export async function chainSignoff(
  home: RunHome,
  run: StoredRun,
  signoff: { readonly file: string; readonly text: string; readonly decision: string },
  signal: AbortSignal,
): Promise<void> {
  await changeIndex(home, signal, async (index) => {
    await appendIndex(index, {
      run: run.id,
      signoff: signoff.file,
      record: sha256(signoff.text),
      command: 'sign',
      startedAt: run.record.startedAt,
      verdict: signoff.decision,
    });
  });
}
