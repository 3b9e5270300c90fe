import { readFile, realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sha256Hex } from '../core/digest.ts';
import type { ExitCode } from '../core/exit.ts';
import { Fault } from '../core/fault.ts';
import type { Finding } from '../core/finding.ts';
import { exitOfChecks } from '../core/verdict.ts';
import { writeWhole } from '../core/write-whole.ts';
import { type FileFixes, fixesByFile, withEdits } from '../validators/fixes.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import type { CommandContext } from './base.ts';
import { type ExamineFlags, examine, judge } from './examine.ts';

/** Loads the manifests, with other bytes for some of the files. */
export type LoadWith = (instead: ReadonlyMap<string, Uint8Array>) => Promise<ManifestSet>;

interface FixedFile extends FileFixes {
  readonly before: Buffer;
  readonly after: Buffer;
}

export interface FixFlags extends ExamineFlags {
  readonly 'dry-run': boolean;
}

/**
 * Mends what can be mended without changing what is deployed, and says what is left; with `--dry-run`
 * prints the changes instead. A file whose mended form has a finding that it did not have stays as it is.
 * @param root folder that the paths of findings start from
 * @throws Fault `input-changed` when a file is not the one that was examined; `output-unwritable`
 */
export async function fixManifests(
  context: CommandContext,
  flags: FixFlags,
  { name, root, load }: { readonly name: string; readonly root: string; readonly load: LoadWith },
): Promise<ExitCode> {
  const set = await load(new Map());
  const first = await judge(context, flags, [set]);
  const fixed = await proven(
    await fixedFiles(set, first.findings, root),
    first.findings,
    (instead) =>
      load(instead).then(async (mended) => (await judge(context, flags, [mended])).findings),
  );
  const say = (text: string) => context.quiet || process.stderr.write(`${context.redact(text)}\n`);
  for (const { file, descriptions } of fixed) {
    for (const description of descriptions) say(`${file}: ${description}`);
  }
  if (flags['dry-run']) {
    await printPatch(fixed);
    return exitOfChecks(first.findings, first.outcomes, flags['fail-on']);
  }
  for (const { file, before, after } of fixed) {
    const path = await realpath(resolve(root, file));
    if (!(await readFile(path)).equals(before)) throw changed(file);
    await writeWhole(path, after, { mode: (await stat(path)).mode & 0o7777 });
  }
  const count = fixed.reduce((sum, { descriptions }) => sum + descriptions.length, 0);
  say(`mended ${count} in ${fixed.length} ${fixed.length === 1 ? 'file' : 'files'}`);
  return examine(context, flags, 'manifestSet', [{ name, load: () => load(new Map()) }]);
}

async function fixedFiles(
  { files }: ManifestSet,
  findings: readonly Finding[],
  root: string,
): Promise<FixedFile[]> {
  const digests = new Map(files.map(({ path, sha256 }) => [path, sha256]));
  const fixes = fixesByFile(findings).filter(({ file }) => file !== 'stdin');
  return Promise.all(
    fixes.map(async (fix) => {
      const before = await readFile(resolve(root, fix.file));
      if (sha256Hex(before) !== digests.get(fix.file)) throw changed(fix.file);
      return { ...fix, before, after: edited(before, fix) };
    }),
  );
}

const byteOrderMark = '\ufeff';

/** Positions count from behind a byte order mark, which stays. */
function edited(before: Buffer, { edits }: FileFixes): Buffer {
  const text = before.toString('utf8');
  const marked = text.startsWith(byteOrderMark);
  const after = withEdits(marked ? text.slice(1) : text, edits);
  return Buffer.from(marked ? byteOrderMark + after : after);
}

/** Those of the files that have no new finding once they are as mended. */
async function proven(
  files: readonly FixedFile[],
  before: readonly Finding[],
  findingsWith: (instead: ReadonlyMap<string, Uint8Array>) => Promise<readonly Finding[]>,
): Promise<readonly FixedFile[]> {
  const known = new Set(before.map(({ fingerprint }) => fingerprint));
  for (let rest = files; ; ) {
    if (rest.length === 0) return rest;
    const after = await findingsWith(new Map(rest.map((file) => [file.file, file.after])));
    const worse = new Set(
      after
        .filter(({ fingerprint }) => !known.has(fingerprint))
        .map(({ location }) => location.file),
    );
    const kept = rest.filter(({ file }) => !worse.has(file));
    // A new finding elsewhere may come from any of them.
    if (worse.size > 0 && kept.length === rest.length) return [];
    if (worse.size === 0) return rest;
    rest = kept;
  }
}

async function printPatch(files: readonly FixedFile[]): Promise<void> {
  const { createTwoFilesPatch } = await import('diff');
  for (const { file, before, after } of files) {
    const [old, now] = [before.toString('utf8'), after.toString('utf8')];
    process.stdout.write(
      createTwoFilesPatch(`a/${file}`, `b/${file}`, old, now, undefined, undefined, { context: 3 }),
    );
  }
}

const changed = (file: string): Fault =>
  new Fault('input-changed', `${file} was changed while it was examined`);
