import { readFile } from 'node:fs/promises';
import { sha256Hex } from '../../../core/digest.ts';
import { type WalkedFile, walkFiles } from '../../../core/walk.ts';
import type { ManifestFile } from '../load.ts';
import { renderHelm } from './helm.ts';
import { renderKustomization } from './kustomize.ts';
import { placeOf, type Rendered, type RenderSystems, type Template } from './template.ts';

export interface Rendering extends Rendered {
  readonly template: Template;
  /** The files that it is made of. */
  readonly inputs: readonly ManifestFile[];
}

/** @throws Fault `tool-missing`, `manifests-not-rendered`, `input-missing`, `input-too-large` */
export async function render(template: Template, systems: RenderSystems): Promise<Rendering> {
  const rendered =
    template.kind === 'helm'
      ? await renderHelm(template, systems)
      : await renderKustomization(template, systems);
  const written = rendered.parsed.flatMap(({ objects }) => objects.map(({ file }) => file));
  const named = template.kind === 'helm' ? template.values : written;
  const files = await walkFiles([...new Set([placeOf(template), ...named])], {
    ...systems,
    ignoreFolders: ['.git'],
  });
  return { ...rendered, template, inputs: await Promise.all(files.map(hashed)) };
}

async function hashed({ path, absolute, size }: WalkedFile): Promise<ManifestFile> {
  return { path, size, sha256: sha256Hex(await readFile(absolute)) };
}
