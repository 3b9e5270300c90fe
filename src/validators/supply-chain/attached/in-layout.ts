import { sha256 } from '../../../core/digest.ts';
import { Fault } from '../../../core/fault.ts';
import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
} from '../../../core/json.ts';
import { type ImageFiles, readRange } from '../../image/blobs.ts';
import { blobName, type Descriptor, descriptorOf, maxJson } from '../../image/layout.ts';
import {
  type Attempt,
  cosignSuffixes,
  isAttestationOf,
  type Place,
  type Referring,
  type Subjects,
  tagOf,
} from './place.ts';

/** Manifests and indexes that are looked into; a layout of a release has some dozens. */
const maxManifests = 1000;

/** An OCI layout, which has no tags but names in its index. */
export function inLayout(files: ImageFiles): Place {
  const read = async (digest: string, limit: number): Promise<Buffer> => {
    const damaged = (why: string) => new Fault('image-damaged', `${digest}: ${why}`);
    const range = await files.locate(blobName(digest));
    if (!range) throw damaged('it is not in the layout');
    const bytes = await readRange(range, limit);
    if (!bytes) throw damaged(`it has ${range.size} bytes, and ${limit} are read`);
    if (sha256(bytes) === digest) return bytes;
    throw damaged('its bytes do not have the digest that names them');
  };
  return {
    manifest: (digest) => read(digest, maxJson),
    blob: ({ digest, size }) => read(digest, size),

    async referring(subjects, attempt) {
      const entries = await entriesOf(files, attempt, (digest) => read(digest, maxJson));
      const found = await Promise.all(
        entries.map((entry) => referringBy(entry, subjects, attempt, (d) => read(d, maxJson))),
      );
      return found.flat();
    },
  };
}

/** The manifests of all indexes, nested ones as well. */
async function entriesOf(
  files: ImageFiles,
  attempt: Attempt,
  read: (digest: string) => Promise<Buffer>,
): Promise<readonly Descriptor[]> {
  const found: Descriptor[] = [];
  const seen = new Set<string>();
  const walk = async (index: JsonObject | undefined): Promise<void> => {
    for (const json of objectsOf(fieldOf(index, 'manifests'))) {
      const entry = descriptorOf(json);
      if (!entry || seen.has(entry.digest)) continue;
      if (seen.size >= maxManifests) {
        const why = `only the first ${maxManifests} manifests are looked into`;
        await attempt('the layout', () => Promise.reject(new Fault('input-too-large', why)));
        return;
      }
      seen.add(entry.digest);
      if (!/\.index\.|manifest\.list/.test(entry.mediaType)) found.push(entry);
      else {
        const bytes = await attempt(`the index ${entry.digest}`, () => read(entry.digest));
        if (bytes) await walk(parseObject(bytes.toString()));
      }
    }
  };
  const top = await files.locate('index.json');
  const bytes = top && (await readRange(top, maxJson));
  if (bytes) await walk(parseObject(bytes.toString()));
  return found;
}

async function referringBy(
  entry: Descriptor,
  { image, indexes }: Subjects,
  attempt: Attempt,
  read: (digest: string) => Promise<Buffer>,
): Promise<Referring[]> {
  const { digest, annotations, platform } = entry;
  if (isAttestationOf(entry, image)) return [{ digest, subject: image, by: 'annotation' }];
  const subjects = [image, ...indexes];
  const name = annotations['org.opencontainers.image.ref.name'] ?? '';
  const named = subjects.find((one) =>
    cosignSuffixes.some(
      (suffix) => name === tagOf(one, suffix) || name.endsWith(`:${tagOf(one, suffix)}`),
    ),
  );
  if (named !== undefined) return [{ digest, subject: named, by: 'tag' }];
  // `cosign save` marks what it stores and names no subject; signed bytes name it.
  if (/^dev\.cosignproject\.cosign\/(?:sigs|atts)$/.test(annotations.kind ?? '')) {
    return [{ digest, subject: image, by: 'tag' }];
  }
  if (platform !== null || digest === image) return [];
  const bytes = await attempt(`the manifest ${digest}`, () => read(digest));
  const own = objectOf(fieldOf(bytes && parseObject(bytes.toString()), 'subject'));
  const subject = subjects.find((one) => one === textOf(fieldOf(own, 'digest')));
  return subject === undefined ? [] : [{ digest, subject, by: 'subject' }];
}
