import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault } from '../../core/fault.ts';
import {
  type ImageReference,
  isReferenceProblem,
  parseReference,
  readReference,
} from '../../core/reference.ts';
import type { DiskPlace } from './archive.ts';

/** Where an image is to be read from. */
export type ImageSource =
  | {
      readonly from: 'disk';
      readonly place: DiskPlace;
      readonly name?: string;
      readonly digest?: string;
    }
  /** By a reference, or by the id that the engine gave it. */
  | { readonly from: 'engine'; readonly name: string }
  | { readonly from: 'registry'; readonly reference: ImageReference }
  /** A name alone: of the engine where it has it, else of the registry that it names. */
  | { readonly from: 'anywhere'; readonly name: string; readonly registry?: ImageReference };

/**
 * Understands `oci:` and `docker-archive:` with PATH, PATH:TAG, PATH:NAME:TAG or PATH@sha256:…,
 * `docker:NAME`, `registry:HOST/NAME:TAG`, the path of something that exists, and a name.
 * @throws Fault `input-missing`, `image-source-unsupported`, `reference-invalid`
 */
export async function sourceOf(text: string, root: string): Promise<ImageSource> {
  const [, scheme = '', rest = ''] = /^([a-z][a-z-]+):(.*)$/s.exec(text) ?? [];
  switch (scheme) {
    case 'oci':
    case 'oci-archive':
    case 'docker-archive':
      return onDisk(rest, root);
    case 'docker':
    case 'docker-daemon':
      if (rest.startsWith('//')) break;
      return { from: 'engine', name: engineName(rest) };
    case 'registry':
      // Without a host it is the tag of an image that is called registry.
      if (!hasHost(rest)) break;
      return { from: 'registry', reference: registryReference(rest) };
    case 'containers-storage':
      throw unsupported(text, 'the storage of Podman is read by its service, as docker:NAME');
  }
  if (await exists(resolve(root, text))) return { from: 'disk', place: placeAt(text, root) };
  if (scheme === 'docker') {
    throw unsupported(
      text,
      'write registry:HOST/NAME:TAG for a registry, docker:NAME for the engine',
    );
  }
  const name = /^(?:\.{0,2}\/|.*\.(?:tar|tgz|gz|zst)$)/s.test(text) ? undefined : nameIn(text);
  if (name) return name;
  throw new Fault('input-missing', `${text}: no such file or folder, and no name of an image`);
}

function unsupported(text: string, what: string): Fault {
  return new Fault('image-source-unsupported', `${text}: ${what}`);
}

/** An id of an engine, or a reference as it would resolve it. */
function engineName(text: string): string {
  if (!isId(text)) parseReference(text);
  return text;
}

/** What an engine calls an image by. */
export function isId(text: string): boolean {
  return /^sha256:[0-9a-f]{64}$/.test(text);
}

/** @throws Fault `reference-invalid` */
function registryReference(text: string): ImageReference {
  const reference = parseReference(text);
  const { tag, digest } = reference;
  return tag === undefined && digest === undefined ? { ...reference, tag: 'latest' } : reference;
}

function nameIn(text: string): ImageSource | undefined {
  if (isId(text)) return { from: 'anywhere', name: text };
  const read = readReference(text);
  if (isReferenceProblem(read)) return undefined;
  return {
    ...{ from: 'anywhere', name: text },
    ...(hasHost(text) && { registry: registryReference(text) }),
  };
}

/** Docker Hub counts only where it is written: a word alone could be anything. */
function hasHost(text: string): boolean {
  const [first, ...more] = text.split('/');
  return more.length > 0 && (/[.:]/.test(first ?? '') || first === 'localhost');
}

async function onDisk(text: string, root: string): Promise<ImageSource> {
  const whole = await existing(text, root);
  if (whole) return { from: 'disk', place: whole };
  const [, byDigest = '', digest] = /^(.+)@(sha256:[0-9a-f]{64})$/.exec(text) ?? [];
  const holder = digest === undefined ? undefined : await existing(byDigest, root);
  if (holder && digest !== undefined) return { from: 'disk', place: holder, digest };
  // The name behind the path may hold colons, too: the longest path that exists is meant.
  for (let colon = text.lastIndexOf(':'); colon > 0; colon = text.lastIndexOf(':', colon - 1)) {
    const place = await existing(text.slice(0, colon), root);
    const name = text.slice(colon + 1);
    if (place && /^[\w][\w./:@-]{0,511}$/.test(name)) return { from: 'disk', place, name };
  }
  throw new Fault('input-missing', `${text}: no such file or folder`);
}

async function existing(path: string, root: string): Promise<DiskPlace | undefined> {
  return path !== '' && (await exists(resolve(root, path))) ? placeAt(path, root) : undefined;
}

function placeAt(path: string, root: string): DiskPlace {
  return { path, absolute: resolve(root, path) };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
