import { basename, relative } from 'node:path';
import { sha256 } from '../../core/digest.ts';
import type { InputRecord } from '../../core/record.ts';
import type { Target } from '../../core/target.ts';
import { isImage } from '../../validators/image/image.ts';
import type { TargetContext } from './context.ts';
import { isListed } from './listing.ts';
import type { Loaded } from './loaded.ts';

export function inputOf({ kind, source, target, evidence }: Loaded): InputRecord[] {
  if (!target) return [];
  const listing = isListed(target) ? (evidence?.name ?? null) : null;
  return [{ kind, digest: target.digest, source, listing }, ...besideInputs(target)];
}

/** What an image was compared with decides what was found, and a name may mean another image tomorrow. */
function besideInputs(target: Target): InputRecord[] {
  if (!isImage(target)) return [];
  const { givenBase, earlier, structure = [] } = target;
  const named = (kind: string, source: string, digest: string): InputRecord[] => [
    { kind, digest, source, listing: null },
  ];
  return [
    ...(givenBase ? named('baseImage', givenBase.name, givenBase.digest) : []),
    ...(earlier ? named('earlierImage', earlier.name, earlier.digest) : []),
    ...structure.flatMap(({ file, digest }) => named('structureTests', file, digest)),
  ];
}

export function configInput({ config: { file, digest, root } }: TargetContext): InputRecord[] {
  if (file === null || digest === null) return [];
  return [{ kind: 'config', digest, source: relative(root, file), listing: null }];
}

/** A run for staging says nothing of production. */
export function environmentInput({ environment }: TargetContext): InputRecord[] {
  if (!environment) return [];
  const { name, kubeVersions } = environment;
  const digest = sha256(
    JSON.stringify([name, ...(kubeVersions.length > 0 ? kubeVersions : [null])]),
  );
  return [{ kind: 'environment', digest, source: environment.name, listing: null }];
}

export async function commitInput({
  config,
  git,
  signal,
}: TargetContext): Promise<InputRecord | undefined> {
  const commit = await git.head(config.root, signal);
  if (!commit) return undefined;
  const algorithm = commit.hash.length === 64 ? 'sha256' : 'sha1';
  const digest = `${algorithm}:${commit.hash}`;
  return { kind: 'commit', digest, source: basename(config.root), listing: null };
}
