import { Fault } from '../../../core/fault.ts';
import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  parseObject,
  textOf,
} from '../../../core/json.ts';
import { type Descriptor, descriptorOf } from '../../image/layout.ts';
import { bundle, isRead } from './media-types.ts';
import type { Attempt, Place, Referring, Subjects } from './place.ts';

/** A document that lies beside an image: a layer of a manifest that is about it. */
export interface Attachment {
  /** Of its bytes, which were verified. */
  readonly digest: string;
  readonly mediaType: string;
  /** Of the layer: where cosign keeps a signature. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  /** The digest that it was found by: that of the image, or of an index above it. */
  readonly subject: string;
  /** What has that digest, where a document is a signature over it. */
  readonly subjectBytes?: Uint8Array;
}

/** Something beside an image that could not be looked at. */
export interface Unread {
  readonly what: string;
  readonly why: string;
}

export interface Attached {
  readonly attachments: readonly Attachment[];
  readonly unread: readonly Unread[];
}

/** Manifests and documents of one image; releases have a handful. */
const maxManifests = 100;
const maxDocuments = 100;
/** Bytes of one document, and of all: a bill of materials of 10,000 packages has some 20 MB. */
const maxBytes = 64 * 1024 * 1024;
const maxTotal = 256 * 1024 * 1024;

/** Everything beside an image that may be evidence, each bound to the digest it was found by. */
export async function collect(
  place: Place,
  subjects: Subjects,
  signal: AbortSignal,
): Promise<Attached> {
  const attachments: Attachment[] = [];
  const unread: Unread[] = [];
  const attempt: Attempt = async (what, look) => {
    try {
      return await look();
    } catch (error) {
      // A run that was ended ends; the reason may be a fault, too.
      signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      unread.push({ what, why: error.message });
      return undefined;
    }
  };
  const referring = distinct(await place.referring(subjects, attempt));
  if (referring.length > maxManifests) {
    const why = `${referring.length} manifests refer to it, and ${maxManifests} are read`;
    unread.push({ what: subjects.image, why });
  }
  let left = maxTotal;
  let asked = 0;
  for (const one of referring.slice(0, maxManifests)) {
    const manifest = await attempt(`the manifest ${one.digest}`, () => manifestOf(place, one));
    for (const layer of manifest ? layersOf(manifest) : []) {
      asked += 1;
      if (asked > maxDocuments) {
        unread.push({ what: subjects.image, why: `only ${maxDocuments} documents are read` });
        return { attachments, unread };
      }
      const what = `the document ${layer.digest}`;
      const found = await attempt(what, async () => {
        requireRoom(layer, left);
        left -= layer.size;
        return attachmentOf(place, layer, one.subject);
      });
      if (found) attachments.push(found);
    }
  }
  return { attachments, unread };
}

/** An index lists what the interface lists again; the surest way to have found it is kept. */
function distinct(all: readonly Referring[]): readonly Referring[] {
  const order = ['tag', 'annotation', 'subject'];
  const sorted = all.toSorted((a, b) => order.indexOf(a.by) - order.indexOf(b.by));
  return [...new Map(sorted.map((one) => [one.digest, one])).values()];
}

async function manifestOf(place: Place, { digest, subject, by }: Referring): Promise<JsonObject> {
  const bytes = await place.manifest(digest);
  const json = parseObject(Buffer.from(bytes).toString());
  const wrong = (why: string) => new Fault('image-damaged', `${digest}: ${why}`);
  if (!json) throw wrong('it is no JSON object');
  const own = textOf(fieldOf(objectOf(fieldOf(json, 'subject')), 'digest'));
  // A list of referrers is what a server says; only the manifest is what its author said.
  if (by === 'subject' && own !== subject) {
    throw wrong(`it is listed for ${subject}, and refers to ${own ?? 'nothing'}`);
  }
  return json;
}

async function attachmentOf(place: Place, layer: Descriptor, subject: string): Promise<Attachment> {
  const { digest, mediaType, annotations } = layer;
  const bytes = await place.blob(layer);
  const attachment = { digest, mediaType, annotations, bytes, subject };
  const isOverSubject =
    bundle.test(mediaType) &&
    objectOf(parseObject(bytes.toString())?.messageSignature) !== undefined;
  if (!isOverSubject) return attachment;
  return { ...attachment, subjectBytes: await place.manifest(subject) };
}

function layersOf(manifest: JsonObject): Descriptor[] {
  const config = objectOf(fieldOf(manifest, 'config'));
  // https://github.com/opencontainers/image-spec/blob/main/manifest.md#guidelines-for-artifact-usage
  const artifact =
    textOf(fieldOf(manifest, 'artifactType')) ?? textOf(fieldOf(config, 'mediaType')) ?? '';
  const layers = objectsOf(fieldOf(manifest, 'layers')).flatMap((one) => descriptorOf(one) ?? []);
  return layers.filter(({ mediaType }) => isRead(mediaType, artifact));
}

/** @throws Fault `input-too-large` */
function requireRoom({ size }: Descriptor, left: number): void {
  if (size < 0 || size > maxBytes) {
    throw new Fault('input-too-large', `it has ${size} bytes, and ${maxBytes} are read`);
  }
  if (size > left) {
    throw new Fault('input-too-large', `all together have more than ${maxTotal} bytes`);
  }
}
