import { glob } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { readSmall } from '../../core/read-small.ts';
import type { AttestationOptions } from '../image/attestations.ts';
import type { Image } from '../image/image.ts';
import { collect } from './attached/collect.ts';
import { documentsOf } from './attached/documents.ts';
import { placeBeside } from './attached/open.ts';
import type { EvidenceDocument } from './document.ts';
import { readEvidence } from './read.ts';

/** Bytes of one document; a report on an image with 10,000 packages has some 50 MB. */
const maxBytes = 256 * 1024 * 1024;
const maxFiles = 1000;

const magic = /[*?[{]/;

/**
 * Reads files that are named, or fit a pattern.
 * @param root paths and patterns are relative to it
 * @throws Fault `input-missing`, `evidence-unreadable`, `input-too-large`
 */
export async function loadDocuments(
  named: readonly string[],
  root: string,
): Promise<readonly EvidenceDocument[]> {
  const files = new Set<string>();
  for (const name of named) {
    const found = magic.test(name) ? await fitting(name, root) : [name];
    if (found.length === 0) throw new Fault('input-missing', `${name}: no file fits the pattern`);
    for (const file of found.toSorted()) files.add(file);
  }
  if (files.size > maxFiles) {
    throw new Fault('input-too-large', `more than ${maxFiles} files of evidence`);
  }
  const documents: EvidenceDocument[] = [];
  for (const file of files) documents.push(readEvidence(file, await bytesOf(file, root)));
  return documents;
}

/**
 * What lies beside an image, in its registry or its layout: attestations, bills of materials, reports, signatures. What
 * cannot be read becomes a document with that hole, so that nothing of it is taken for looked at.
 * @throws Fault `image-unreadable`, `input-missing`, those of opening the place itself
 */
export async function attachedDocuments(
  image: Pick<Image, 'name' | 'source' | 'digest' | 'id' | 'digests'>,
  options: AttestationOptions,
): Promise<readonly EvidenceDocument[]> {
  const place = await placeBeside(image, options);
  if (!place) return [];
  const { id, digest, digests } = image;
  const indexes = digests.filter((one) => one !== digest && one !== id);
  const attached = await collect(place, { image: digest, indexes }, options.signal);
  return documentsOf(image, attached);
}

async function fitting(pattern: string, root: string): Promise<string[]> {
  const found: string[] = [];
  for await (const path of glob(pattern, { cwd: root })) found.push(path);
  return found;
}

async function bytesOf(file: string, root: string): Promise<Buffer> {
  try {
    return await readSmall(resolve(root, file), maxBytes);
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new Fault('input-missing', `${file}: no such file`);
    }
    throw new Fault('evidence-unreadable', `${file}: ${messageOf(error)}`, { cause: error });
  }
}
