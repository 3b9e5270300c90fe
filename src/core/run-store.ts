import { readdir, readFile, rename } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { parseSums, sha256, sha256Hex } from './digest.ts';
import { Fault, systemCode } from './fault.ts';
import { readSmall } from './read-small.ts';
import type { RunRecord } from './record.ts';
import {
  indexFile,
  type RunHome,
  runFiles,
  runFolder,
  runIdPattern,
  runsFolder,
} from './run-folder.ts';
import { type IndexEntry, type IndexProblem, type RunIndex, readIndex } from './run-index.ts';

/**
 * Makes a run visible that was chained and not renamed before its process died. False when the folder
 * is no such run.
 */
export async function finishRun(home: RunHome, partial: string): Promise<boolean> {
  const id = basename(partial).replace(/^\.partial-/, '');
  const { entries } = await readIndex(indexFile(home));
  const entry = entries.find((candidate) => candidate.run === id && isRun(candidate));
  const record = await readSmall(join(partial, runFiles.record), largestFile).catch(
    () => undefined,
  );
  if (!entry || record === undefined || sha256(record) !== entry.record) return false;
  await rename(partial, runFolder(home, id));
  return true;
}

/** Ids of the runs in a home, oldest first. */
export async function listRuns(home: RunHome): Promise<string[]> {
  const names = await readdir(runsFolder(home)).catch((error: unknown) => {
    if (systemCode(error) === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => !name.startsWith('.')).sort();
}

/** The chained index, with runs that it names and that are not there, or are there unnamed. */
export async function chainOf(home: RunHome): Promise<RunIndex> {
  const index = await readIndex(indexFile(home));
  const present = await listRuns(home);
  const named = new Set(index.entries.map((entry) => entry.run));
  const gone = index.entries.flatMap(({ run, signoff }, at): IndexProblem[] =>
    present.includes(run) || signoff !== undefined
      ? []
      : [
          {
            line: at + 1,
            kind: 'broken',
            message: `run ${run} is in the index and not in the folder`,
          },
        ],
  );
  const unnamed = present
    .filter((run) => !named.has(run))
    .map((run): IndexProblem => {
      return {
        line: 0,
        kind: 'broken',
        message: `run ${run} is in the folder and not in the index`,
      };
    });
  const altered = await Promise.all(
    index.entries.map(async ({ run, record, signoff }, at): Promise<IndexProblem[]> => {
      if (!present.includes(run)) return [];
      const name = signoff === undefined ? runFiles.record : join(runFiles.signoffs, signoff);
      const file = join(runFolder(home, run), name);
      const text = await readFile(file).catch(() => undefined);
      if (text !== undefined && sha256(text) === record) return [];
      return [{ line: at + 1, kind: 'broken', message: `${file} is missing or was changed` }];
    }),
  );
  return { ...index, problems: [...index.problems, ...gone, ...unnamed, ...altered.flat()] };
}

export interface StoredRun {
  readonly id: string;
  readonly folder: string;
  /** The bytes that signatures cover. */
  readonly recordText: string;
  readonly record: RunRecord;
}

/**
 * Reads a run after checking it against its own sums and against the chained index.
 * @throws Fault `run-missing`, `run-altered` (naming the file)
 */
export async function readRun(home: RunHome, id: string): Promise<StoredRun> {
  const index = await readIndex(indexFile(home));
  const name = id === 'last' ? index.entries.findLast(isRun)?.run : id;
  if (name === undefined) throw new Fault('run-missing', `there is no run in ${home.folder} yet`);
  if (!runIdPattern.test(name)) throw new Fault('run-missing', `no run '${name}'`);
  const folder = runFolder(home, name);
  const run = await readRunFolder(folder, name);
  const entry = index.entries.find((candidate) => candidate.run === name && isRun(candidate));
  if (!entry) {
    throw new Fault('run-altered', `run ${name} is not in ${indexFile(home)}`);
  }
  if (entry.record !== sha256(run.recordText)) {
    throw new Fault('run-altered', `${join(folder, runFiles.record)} differs from the index`);
  }
  for (const { run: of, signoff, record } of index.entries) {
    if (of !== name || signoff === undefined) continue;
    const path = join(folder, runFiles.signoffs, signoff);
    const content = await readSmall(path).catch(() => undefined);
    if (content === undefined) throw new Fault('run-altered', `${path} is missing`);
    if (sha256(content) !== record) throw new Fault('run-altered', `${path} was changed`);
  }
  return run;
}

function isRun({ signoff }: IndexEntry): boolean {
  return signoff === undefined;
}

/** A path that SHA256SUMS may list. */
const listedPath = /^(record\.json|evidence\/[A-Za-z0-9][A-Za-z0-9._-]*)$/;

/**
 * Reads a run folder wherever it is: every file that its SHA256SUMS lists has to be there unchanged,
 * and no other may be, sign-offs excepted.
 * @throws Fault `run-missing`, `run-altered` (naming the file)
 */
export async function readRunFolder(folder: string, id: string): Promise<StoredRun> {
  const sumsFile = join(folder, runFiles.sums);
  const sums = await readSmall(sumsFile).catch((error: unknown) => {
    throw new Fault('run-missing', `no run '${id}' (${folder})`, { cause: error });
  });
  const entries = parseSums(sums.toString('utf8'));
  if (!entries?.every(({ path }) => listedPath.test(path))) {
    throw new Fault('run-altered', `${sumsFile} is not the list of a run`);
  }
  let recordText: string | undefined;
  for (const entry of entries) {
    const path = join(folder, entry.path);
    const content = await readSmall(path, largestFile).catch(() => undefined);
    if (content === undefined) throw new Fault('run-altered', `${path} is missing`);
    if (sha256Hex(content) !== entry.sha256) {
      throw new Fault('run-altered', `${path} was changed after the run ended`);
    }
    if (entry.path === runFiles.record) recordText = content.toString('utf8');
  }
  const listed = new Set(entries.map((entry) => entry.path));
  for (const name of await readdir(join(folder, runFiles.evidence)).catch(() => [])) {
    if (listed.has(`${runFiles.evidence}/${name}`)) continue;
    throw new Fault(
      'run-altered',
      `${join(folder, runFiles.evidence, name)} is not part of the run`,
    );
  }
  const record = recordText === undefined ? undefined : await parseRecord(recordText);
  if (recordText === undefined || !record) {
    throw new Fault('run-altered', `${join(folder, runFiles.record)} is not a record`);
  }
  return { id, folder, recordText, record };
}

const largestFile = 256 * 1024 * 1024;

async function parseRecord(text: string): Promise<RunRecord | undefined> {
  // Its making takes longer than many a command, and only those that read runs need it.
  const { recordSchema } = await import('./record.ts');
  try {
    return recordSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
