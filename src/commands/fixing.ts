import type { ExitCode } from '../core/exit.ts';
import { exitOfChecks } from '../core/verdict.ts';
import type { CommandContext } from './base.ts';
import type { ExamineFlags, Judged } from './examine.ts';
import { type FixedFile, writeFixed } from './fixed-files.ts';

export interface FixFlags extends ExamineFlags {
  readonly 'dry-run': boolean;
}

/** Files as they are once they are mended, and what was found before. */
export interface Mending {
  readonly fixed: readonly FixedFile[];
  readonly first: Judged;
  /** Folder that the paths of findings start from. */
  readonly root: string;
}

/**
 * Says what is mended and writes it; with `--dry-run` prints the changes as a patch instead.
 * @param examineRest reports what is left, from the files as they are then
 * @throws Fault `input-changed` when a file is not the one that was examined; `output-unwritable`
 */
export async function concludeFixing(
  { quiet, redact }: CommandContext,
  flags: FixFlags,
  { fixed, first, root }: Mending,
  examineRest: () => Promise<ExitCode>,
): Promise<ExitCode> {
  const say = (text: string) => quiet || process.stderr.write(`${redact(text)}\n`);
  for (const { file, descriptions } of fixed) {
    for (const description of descriptions) say(`${file}: ${description}`);
  }
  if (flags['dry-run']) {
    await printPatch(fixed);
    return exitOfChecks(first.findings, first.outcomes, first.failOn);
  }
  for (const file of fixed) await writeFixed(file, root);
  const count = fixed.reduce((sum, { descriptions }) => sum + descriptions.length, 0);
  say(`mended ${count} in ${fixed.length} ${fixed.length === 1 ? 'file' : 'files'}`);
  return examineRest();
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
