import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { sha256 } from '../core/digest.ts';
import type { ExitCode } from '../core/exit.ts';
import type { Dockerfile } from '../validators/dockerfile/dockerfile.ts';
import { readDockerfile } from '../validators/dockerfile/read.ts';
import { mend } from '../validators/mending.ts';
import type { CommandContext } from './base.ts';
import type { DockerfileInput } from './dockerfile-inputs.ts';
import { examine, judge } from './examine.ts';
import { changed, type FixedFile, splitMark } from './fixed-files.ts';
import { concludeFixing, type FixFlags } from './fixing.ts';

/**
 * Mends what means the same or is just what a rule asks, and says what is left. Nothing is written before all
 * files were read.
 * @param root folder that the paths of findings start from
 * @throws Fault of a file that cannot be read; `input-changed` when one is not what was examined; `output-unwritable`
 */
export async function fixDockerfiles(
  context: CommandContext,
  flags: FixFlags,
  { root, inputs }: { readonly root: string; readonly inputs: readonly DockerfileInput[] },
): Promise<ExitCode> {
  const targets = await Promise.all(inputs.map(({ load }) => load()));
  const first = await judge(context, flags, targets);
  const fixed: FixedFile[] = [];
  for (const target of targets) {
    const file = await fixedDockerfile(context, flags, target, root);
    if (file && file.descriptions.length > 0) fixed.push(file);
  }
  return concludeFixing(context, flags, { fixed, first, root }, () =>
    examine(context, flags, 'dockerfile', inputs),
  );
}

async function fixedDockerfile(
  context: CommandContext,
  flags: FixFlags,
  { file, digest, ignore, built }: Dockerfile,
  root: string,
): Promise<FixedFile | undefined> {
  const before = await readFile(resolve(root, file));
  if (sha256(before) !== digest) throw changed(file);
  const whole = before.toString('utf8');
  // Bytes that are no UTF-8 would not come back.
  if (!Buffer.from(whole).equals(before)) return undefined;
  const { mark, text } = splitMark(whole);
  const { text: mended, descriptions } = await mend(text, async (form) => {
    const target = { ...readDockerfile(file, Buffer.from(form)), ignore, built };
    return (await judge(context, flags, [target])).findings;
  });
  return { file, descriptions, before, after: Buffer.from(mark + mended) };
}
