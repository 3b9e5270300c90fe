import type { Registry } from '../../../adapters/registry/registry.ts';
import { isDigest } from '../../../core/digest.ts';
import { Fault } from '../../../core/fault.ts';
import { fieldOf, objectsOf, parseObject } from '../../../core/json.ts';
import type { ImageReference } from '../../../core/reference.ts';
import { type Descriptor, descriptorOf } from '../../image/layout.ts';
import {
  type Attempt,
  cosignSuffixes,
  isAttestationOf,
  type Place,
  type Referring,
  type Subjects,
  tagOf,
} from './place.ts';

/** The repository of an image. Every byte is verified as it comes. */
export function inRegistry(
  registry: Registry,
  { registry: host, repository: name }: ImageReference,
  signal: AbortSignal,
): Place {
  const repository = { registry: host, repository: name };

  const manifest = async (digest: string): Promise<Uint8Array> => {
    if (!isDigest(digest)) throw new Fault('registry-failed', `${digest} is no digest of SHA-256`);
    const found = await registry.manifest({ ...repository, digest }, signal);
    if (found) return found.bytes;
    throw new Fault('registry-failed', `${host}/${name} lists ${digest}, and does not have it`);
  };

  const ofInterface = async (subject: string, attempt: Attempt): Promise<Referring[]> => {
    if (!isDigest(subject)) return [];
    const what = `what refers to ${subject}`;
    const found = await attempt(what, () => registry.referrers(repository, subject, {}, signal));
    return (found ?? []).map(({ digest }) => ({ digest, subject, by: 'subject' }));
  };

  const ofTags = async (subject: string, attempt: Attempt): Promise<Referring[]> => {
    const found = await Promise.all(
      cosignSuffixes.map(async (suffix) => {
        const tag = tagOf(subject, suffix);
        return attempt(`the tag ${tag}`, () => registry.resolve({ ...repository, tag }, signal));
      }),
    );
    return found.flatMap((one) => (one ? [{ digest: one.digest, subject, by: 'tag' }] : []));
  };

  const inIndex = async (index: string, image: string, attempt: Attempt): Promise<Referring[]> => {
    const bytes = await attempt(`the index ${index}`, () => manifest(index));
    const json = bytes && parseObject(Buffer.from(bytes).toString());
    const entries = objectsOf(fieldOf(json, 'manifests')).flatMap((one) => descriptorOf(one) ?? []);
    return entries
      .filter((entry) => isAttestationOf(entry, image))
      .map(({ digest }) => ({ digest, subject: image, by: 'annotation' }));
  };

  return {
    manifest,

    async referring({ image, indexes }: Subjects, attempt) {
      const found = await Promise.all([
        ...indexes.map((index) => inIndex(index, image, attempt)),
        ...[image, ...indexes].flatMap((subject) => [
          ofInterface(subject, attempt),
          ofTags(subject, attempt),
        ]),
      ]);
      return found.flat();
    },

    async blob({ digest, size }: Descriptor) {
      if (!isDigest(digest))
        throw new Fault('registry-failed', `${digest} is no digest of SHA-256`);
      const stream = await registry.blob(repository, { digest, size }, signal);
      if (stream) return Buffer.concat(await stream.toArray({ signal }));
      throw new Fault('registry-failed', `${host}/${name} does not have the blob ${digest}`);
    },
  };
}
