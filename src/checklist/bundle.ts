import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { packTar, unpackTar } from 'modern-tar';
import { parseSums, sha256 } from '../core/digest.ts';
import { Fault, systemCode } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';
import {
  changeIndex,
  type RunHome,
  runFiles,
  runFolder,
  runIdPattern,
  runsFolder,
} from '../core/run-folder.ts';
import { appendIndex, readIndex } from '../core/run-index.ts';
import { readRunFolder, type StoredRun } from '../core/run-store.ts';
import { chainSignoff } from '../core/run-writer.ts';

/**
 * A bundle is a tar archive of one run: `<id>/record.json`, `<id>/SHA256SUMS`, `<id>/evidence/…`,
 * `<id>/signoffs/…`. Unpacked with any tar, its sums check with `sha256sum --check`.
 */
const bounds = { bytes: 256 * 1024 * 1024, files: 10_000 } as const;

/** The same run gives the same bytes: sorted, no times, no owners. */
export async function packRun(run: StoredRun): Promise<Uint8Array> {
  const paths = await filesOf(run);
  const entries = await Promise.all(
    paths.map(async (path) => {
      const body = await readFile(join(run.folder, path));
      return {
        header: {
          name: `${run.id}/${path}`,
          size: body.length,
          type: 'file' as const,
          mode: 0o644,
          mtime: new Date(0),
        },
        body,
      };
    }),
  );
  return packTar(entries);
}

async function filesOf(run: StoredRun): Promise<string[]> {
  const sums = parseSums(await readFile(join(run.folder, runFiles.sums), 'utf8')) ?? [];
  const signoffs = await readdir(join(run.folder, runFiles.signoffs)).catch(() => []);
  return [
    runFiles.sums,
    ...sums.map((entry) => entry.path),
    ...signoffs
      .filter((name) => /\.json(\.sig)?$/.test(name))
      .map((name) => `${runFiles.signoffs}/${name}`),
  ].sort();
}

/** Whether a RUN argument is a bundle file: never when it could be `last` or a run id. */
export async function isBundle(reference: string): Promise<boolean> {
  if (reference === 'last' || runIdPattern.test(reference)) return false;
  const info = await stat(reference).catch(() => undefined);
  return info?.isFile() === true;
}

/**
 * Unpacks a bundle below `folder` and checks every byte against its sums.
 * @throws Fault `bundle-invalid`, `run-altered`
 */
export async function unpackRun(file: string, folder: string): Promise<StoredRun> {
  const { size } = await stat(file);
  if (size > bounds.bytes) throw new Fault('bundle-invalid', `${file} is over 256 MiB`);
  const entries = await unpackTar(await readFile(file)).catch((error: unknown) => {
    throw new Fault('bundle-invalid', `${file} is not a tar archive`, { cause: error });
  });
  if (entries.length === 0 || entries.length > bounds.files) {
    throw new Fault('bundle-invalid', `${file} holds ${entries.length} entries`);
  }
  let id: string | undefined;
  for (const { header, data } of entries) {
    if (header.type === 'directory') continue;
    const path = safePath(header.name);
    if (!path || !data || header.type !== 'file' || (id !== undefined && id !== path.id)) {
      throw new Fault('bundle-invalid', `${file}: unexpected entry ${JSON.stringify(header.name)}`);
    }
    id = path.id;
    const target = join(folder, path.id, path.file);
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, data, { flag: 'wx' });
  }
  if (id === undefined) throw new Fault('bundle-invalid', `${file} holds no run`);
  await mkdir(join(folder, id, runFiles.signoffs), { recursive: true });
  return readRunFolder(join(folder, id), id);
}

/** `<id>/<file>` with a file of the kinds a run has; anything else is refused. */
function safePath(name: string): { id: string; file: string } | undefined {
  const [id = '', ...rest] = name.split('/');
  if (!runIdPattern.test(id)) return undefined;
  const file = rest.join('/');
  const known =
    file === runFiles.record ||
    file === runFiles.sums ||
    /^(evidence|signoffs)\/[A-Za-z0-9][A-Za-z0-9._-]*$/.test(file);
  return known ? { id, file } : undefined;
}

/** Puts an unpacked run among the runs of a home and chains it. */
export async function adoptRun(
  home: RunHome,
  run: StoredRun,
  signal: AbortSignal,
): Promise<string> {
  const folder = runFolder(home, run.id);
  try {
    await mkdir(runsFolder(home), { recursive: true });
    await changeIndex(home, signal, async (index) => {
      const { entries } = await readIndex(index);
      if (entries.some((entry) => entry.run === run.id)) {
        throw new Fault('usage-invalid', `run ${run.id} is here already`);
      }
      const { command, startedAt, verdict } = run.record;
      const record = sha256(run.recordText);
      await appendIndex(index, { run: run.id, record, command, startedAt, verdict });
      await rename(run.folder, folder);
    });
    for (const file of await readdir(join(folder, runFiles.signoffs))) {
      if (!file.endsWith('.json')) continue;
      const text = (await readSmall(join(folder, runFiles.signoffs, file))).toString('utf8');
      await chainSignoff(home, run, { file, text, decision: 'imported' }, signal);
    }
  } catch (error) {
    if (error instanceof Fault || systemCode(error) === undefined) throw error;
    throw new Fault('run-folder-unwritable', `${home.folder}: ${systemCode(error)}`, {
      cause: error,
    });
  }
  return folder;
}
