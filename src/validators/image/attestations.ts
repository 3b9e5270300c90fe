import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { fieldOf, type JsonObject, objectsOf, parseObject } from '../../core/json.ts';
import type { Scope } from '../../core/scope.ts';
import { openFiles } from './archive.ts';
import { type ImageFiles, readRange } from './blobs.ts';
import { blobName, type Descriptor, descriptorOf, isDamage, readBlob } from './layout.ts';
import { sourceOf } from './source.ts';
import { createSpool, unpackWhole } from './spool.ts';

/** A statement that lies beside an image. */
export interface Attestation {
  /** Digest of the blob, which was verified. */
  readonly digest: string;
  readonly bytes: Buffer;
}

export interface AttestationOptions {
  readonly root: string;
  readonly signal: AbortSignal;
  /** Owns what has to lie on disk meanwhile. */
  readonly scope: Scope;
}

/** Bytes of one statement: a bill of materials of 10,000 packages has some 20 MB. */
const maxBytes = 64 * 1024 * 1024;
const maxIndex = 4 * 1024 * 1024;
const maxIndexes = 100;
const maxStatements = 100;

/**
 * What BuildKit stored beside an image of a layout: provenance and bills of materials, as manifests of the same
 * index that refer to the image by its digest
 * (https://docs.docker.com/build/metadata/attestations/attestation-storage/).
 * @param reference as loadImage takes it; nothing is found for what is no layout
 * @throws Fault `image-damaged` for a statement that is not what its digest names
 */
export async function attestationsOf(
  reference: string,
  image: string,
  options: AttestationOptions,
): Promise<readonly Attestation[]> {
  const files = await layoutOf(reference, options);
  if (!files) return [];
  const found: Attestation[] = [];
  for (const descriptor of await referring(files, image)) {
    const manifest = await readBlob(files, descriptor, 'manifest');
    if (isDamage(manifest)) throw damaged(reference, descriptor, manifest.message);
    for (const layer of objectsOf(fieldOf(manifest, 'layers'))) {
      const blob = descriptorOf(layer);
      if (blob?.mediaType !== 'application/vnd.in-toto+json') continue;
      if (found.length >= maxStatements) return found;
      found.push({ digest: blob.digest, bytes: await bytesOf(files, blob, reference) });
    }
  }
  return found;
}

async function layoutOf(
  reference: string,
  { root, signal, scope }: AttestationOptions,
): Promise<ImageFiles | undefined> {
  const source = await sourceOf(reference, root);
  // What lies beside an image in a registry or an engine is not read.
  if (source.from !== 'disk') return undefined;
  const spool = createSpool(scope, signal);
  return openFiles(source.place, (packed) => unpackWhole(spool, packed), signal);
}

async function referring(files: ImageFiles, image: string): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  const read = new Set<string>();
  const walk = async (index: JsonObject | undefined): Promise<void> => {
    for (const entry of objectsOf(fieldOf(index, 'manifests'))) {
      const descriptor = descriptorOf(entry);
      if (!descriptor) continue;
      const { annotations, digest, mediaType } = descriptor;
      const isAbout = annotations['vnd.docker.reference.digest'] === image;
      if (annotations['vnd.docker.reference.type'] === 'attestation-manifest') {
        if (isAbout) found.push(descriptor);
      } else if (/\.index\.|manifest\.list/.test(mediaType) && !read.has(digest)) {
        if (read.size >= maxIndexes) return;
        read.add(digest);
        const nested = await readBlob(files, descriptor, 'index');
        // A damaged index is told by the image that was looked for in it.
        if (!isDamage(nested)) await walk(nested);
      }
    }
  };
  const top = await files.locate('index.json');
  const bytes = top && (await readRange(top, maxIndex));
  if (bytes) await walk(parseObject(bytes.toString()));
  return found;
}

async function bytesOf(files: ImageFiles, blob: Descriptor, reference: string): Promise<Buffer> {
  const range = await files.locate(blobName(blob.digest));
  if (!range) throw damaged(reference, blob, 'it is not in the layout');
  const bytes = await readRange(range, maxBytes);
  if (!bytes) throw damaged(reference, blob, `it has more than ${maxBytes} bytes`);
  if (sha256(bytes) !== blob.digest) {
    throw damaged(reference, blob, 'its bytes do not have the digest that names them');
  }
  if (!parseObject(bytes.toString())) throw damaged(reference, blob, 'it is no JSON object');
  return bytes;
}

function damaged(reference: string, { digest }: Descriptor, why: string): Fault {
  return new Fault('image-damaged', `${reference}: attestation ${digest}: ${why}`);
}
