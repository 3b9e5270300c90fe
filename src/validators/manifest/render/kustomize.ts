import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative, resolve, sep } from 'node:path';
import { parseYaml } from '../../../config/yaml-source.ts';
import { Fault } from '../../../core/fault.ts';
import { createReader, type Reader } from '../documents.ts';
import type { ManifestObject } from '../load.ts';
import { type ParsedFile, parseSource } from '../parse.ts';
import { recordAt, stringAt } from '../read.ts';
import { failureOf } from './failure.ts';
import type { Kustomization, Rendered, RenderSystems } from './template.ts';

/** kustomize writes there where a resource comes from, when it is asked to. */
const origin = 'config.kubernetes.io/origin';

/**
 * What `kustomize build` makes of an overlay, or `kubectl kustomize` where there is no kustomize. It is
 * built from within another kustomization, which asks for the origin of each object
 * (https://github.com/kubernetes-sigs/kustomize/blob/master/examples/configureBuiltinPlugin.md and the
 * field `buildMetadata` of a kustomization).
 * @throws Fault `tool-missing`, `manifests-not-rendered`
 */
export async function renderKustomization(
  { folder }: Kustomization,
  systems: RenderSystems,
): Promise<Rendered> {
  const { root } = systems;
  const around = await mkdtemp(join(tmpdir(), 'deploycheck-kustomize-'));
  try {
    const resources = [relative(around, resolve(root, folder))];
    const asking = { resources, buildMetadata: ['originAnnotations'] };
    await writeFile(join(around, 'kustomization.yaml'), JSON.stringify(asking));
    const text = await build(around, folder, systems);
    const read = createReader();
    const built = parseSource({ path: folder, bytes: Buffer.from(text) }, read);
    const objects: ManifestObject[] = [];
    const sources = new Map<string, Promise<ParsedFile>>();
    for (const object of built.objects) {
      const origin = originOf(object, around, root);
      const source = origin && (await sourceOf(origin.file, sources, root, read));
      objects.push(atOrigin(withoutOrigin(object), origin, source));
    }
    const comments = (await Promise.all(sources.values())).flatMap((source) => source.comments);
    return { parsed: [{ ...built, objects, comments }], text };
  } finally {
    await rm(around, { recursive: true, force: true });
  }
}

async function build(
  around: string,
  folder: string,
  { processes, signal }: RenderSystems,
): Promise<string> {
  const run = async () => {
    try {
      return await processes.run('kustomize', ['build', around], { signal });
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'tool-missing') throw error;
      return processes.run('kubectl', ['kustomize', around], { signal });
    }
  };
  const { exitCode, stdout, stderr } = await run();
  if (exitCode === 0) return stdout;
  throw new Fault(
    'manifests-not-rendered',
    `${folder}: kustomize: ${failureOf(stderr).replaceAll(around, folder)}`,
  );
}

interface Origin {
  /** As it is shown. */
  readonly file: string;
  /** False for what a generator made. */
  readonly isWritten: boolean;
}

function originOf(object: ManifestObject, around: string, root: string): Origin | undefined {
  const text = stringAt(object.value, 'metadata', 'annotations', origin) ?? '';
  const [document] = parseYaml(text);
  const written = stringAt(document?.value, 'path');
  const path = written ?? stringAt(document?.value, 'configuredIn');
  // What comes from elsewhere (`repo`) is no file here.
  if (path === undefined || stringAt(document?.value, 'repo') !== undefined) return undefined;
  const file = relative(root, resolve(around, path)).split(sep).join('/');
  return { file, isWritten: written !== undefined };
}

function withoutOrigin(object: ManifestObject): ManifestObject {
  const metadata = recordAt(object.value, 'metadata');
  const { [origin]: _, ...others } = recordAt(metadata, 'annotations');
  const { annotations, ...rest } = metadata;
  const left = Object.keys(others).length > 0 ? { ...rest, annotations: others } : rest;
  return { ...object, value: { ...object.value, metadata: left } };
}

/** Reads each file once. */
function sourceOf(
  path: string,
  known: Map<string, Promise<ParsedFile>>,
  root: string,
  read: Reader,
): Promise<ParsedFile> {
  const parse = async () => {
    const bytes = await readFile(join(root, path)).catch(() => Buffer.alloc(0));
    return parseSource({ path, bytes }, read);
  };
  const parsing = known.get(path) ?? parse();
  known.set(path, parsing);
  return parsing;
}

/** At the object of its file: what a patch or a transformer put there stands at what holds it. */
function atOrigin(
  object: ManifestObject,
  from: Origin | undefined,
  source: ParsedFile | undefined,
): ManifestObject {
  if (!from || !source) return { ...object, spanOf: undefined };
  const alike = source.objects.filter(({ kind }) => kind === object.kind);
  // A prefix, a suffix and the hash of a generator may have been added to the name.
  const same = alike.length > 1 ? alike.filter(({ name }) => object.name.includes(name)) : alike;
  const [written] = same.length === 1 && from.isWritten ? same : [];
  const start = { line: 1, column: 1 };
  return {
    ...object,
    file: from.file,
    locate: written?.locate ?? (() => start),
    spanOf: undefined,
  };
}
