import type { ExitCode } from '../core/exit.ts';
import type { Finding } from '../core/finding.ts';
import { fixesByFile } from '../validators/fixes.ts';
import type { ManifestSet } from '../validators/manifest/load.ts';
import type { CommandContext } from './base.ts';
import { examine, judge } from './examine.ts';
import { type FixedFile, fixedFiles } from './fixed-files.ts';
import { concludeFixing, type FixFlags } from './fixing.ts';

/** Loads the manifests, with other bytes for some of the files. */
export type LoadWith = (instead: ReadonlyMap<string, Uint8Array>) => Promise<ManifestSet>;

/**
 * Mends what can be mended without changing what is deployed, and says what is left. A file whose mended form
 * has a finding that it did not have stays as it is.
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
  // Standard input has the name of a file, and is none.
  const fixes = fixesByFile(first.findings).filter(({ file }) => file !== 'stdin');
  const files = await fixedFiles(fixes, set.files, root);
  const fixed = await proven(files, first.findings, async (instead) => {
    const mended = await load(instead);
    return (await judge(context, flags, [mended])).findings;
  });
  return concludeFixing(context, flags, { fixed, first, root }, () =>
    examine(context, flags, 'manifestSet', [{ name, load: () => load(new Map()) }]),
  );
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
