import { Fault } from '../../core/fault.ts';
import type { ObjectEntry, ObjectStore, ObjectVersion, UnfinishedUpload } from './objects.ts';
import type { Asked, Requests } from './requests.ts';
import type { Outgoing } from './transport.ts';
import { type Element, parseXml, textOf } from './xml.ts';

/** One kind of listing of S3: how a page is asked for, what an entry is, what asks for the next. */
interface Kind<T> {
  readonly query: Readonly<Record<string, string>>;
  readonly entry: (element: Element, decode: Decode) => T | undefined;
  /** The query of the next page, out of the elements of this one. */
  readonly next: (page: Element, decode: Decode) => Readonly<Record<string, string | undefined>>;
  /** The entries of a page in the order that they have to have. */
  readonly arranged?: (entries: readonly T[]) => readonly T[];
}

type Decode = (text: string) => string;

const objects: Kind<ObjectEntry> = {
  query: { 'list-type': '2' },
  entry: (element, decode) => (element.name === 'Contents' ? entryOf(element, decode) : undefined),
  next: (page) => ({ 'continuation-token': marker(page, 'NextContinuationToken', asIs) }),
};

const versions: Kind<ObjectVersion> = {
  query: { versions: '' },
  entry(element, decode) {
    const isDeleteMarker = element.name === 'DeleteMarker';
    if (!isDeleteMarker && element.name !== 'Version') return undefined;
    return {
      ...entryOf(element, decode),
      versionId: textOf(element, 'VersionId') ?? 'null',
      isLatest: textOf(element, 'IsLatest') === 'true',
      isDeleteMarker,
    };
  },
  next: (page, decode) => ({
    'key-marker': marker(page, 'NextKeyMarker', decode),
    'version-id-marker': marker(page, 'NextVersionIdMarker', asIs),
  }),
  arranged: groupedByKey,
};

/** Some servers give the delete markers of all keys of a page before the versions of all of them. */
function groupedByKey(entries: readonly ObjectVersion[]): readonly ObjectVersion[] {
  const starts = entries.filter(({ key }, at) => entries[at - 1]?.key !== key);
  if (new Set(starts.map(({ key }) => key)).size === starts.length) return entries;
  return entries.toSorted((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

/** The key is the first of all that begin with it: the others of a page are read in vain. */
const versionsOfOne: Kind<ObjectVersion> = {
  ...versions,
  query: { ...versions.query, 'max-keys': '50' },
};

const uploads: Kind<UnfinishedUpload> = {
  query: { uploads: '' },
  entry(element, decode) {
    if (element.name !== 'Upload') return undefined;
    return {
      key: decode(textOf(element, 'Key') ?? ''),
      uploadId: textOf(element, 'UploadId') ?? '',
      initiated: new Date(textOf(element, 'Initiated') ?? Number.NaN),
    };
  },
  next: (page, decode) => ({
    'key-marker': marker(page, 'NextKeyMarker', decode),
    'upload-id-marker': marker(page, 'NextUploadIdMarker', asIs),
  }),
};

function entryOf(element: Element, decode: Decode): ObjectEntry {
  return {
    key: decode(textOf(element, 'Key') ?? ''),
    size: Number(textOf(element, 'Size') ?? 0),
    etag: (textOf(element, 'ETag') ?? '').replaceAll('"', ''),
    lastModified: new Date(textOf(element, 'LastModified') ?? Number.NaN),
  };
}

/** An empty marker is none; Amazon refuses to be given one. */
const marker = (page: Element, name: string, decode: Decode): string | undefined => {
  const text = textOf(page, name);
  return text ? decode(text) : undefined;
};

export function listings(
  requests: Requests,
): Pick<ObjectStore, 'list' | 'listVersions' | 'versionsOf' | 'listUploads'> {
  return {
    list: (...call) => pages(requests, objects, ...call),
    listVersions: (...call) => pages(requests, versions, ...call),
    async versionsOf(bucket, key, signal) {
      const found = await pages(requests, versionsOfOne, bucket, key, signal);
      return found && beginningWith(found, key);
    },
    listUploads: (...call) => pages(requests, uploads, ...call),
  };
}

async function* beginningWith(
  entries: AsyncIterable<ObjectVersion>,
  key: string,
): AsyncGenerator<ObjectVersion> {
  for await (const entry of entries) {
    if (entry.key !== key) return;
    yield entry;
  }
}

/** The first page is read at once: a bucket that is missing must not look like an empty one. */
async function pages<T>(
  requests: Requests,
  kind: Kind<T>,
  bucket: string,
  prefix: string,
  signal: AbortSignal,
): Promise<AsyncIterable<T> | undefined> {
  const read = async (from: Readonly<Record<string, string | undefined>>) => {
    const query = { ...kind.query, 'encoding-type': 'url', prefix, ...from };
    const outgoing = { method: 'GET', bucket, query } satisfies Outgoing;
    const answer = await requests.ask(outgoing, signal);
    if (answer.code === 'NoSuchBucket') return undefined;
    if (answer.status !== 200) throw requests.fault(outgoing, answer);
    return pageOf(kind, answer, bucket);
  };
  const first = await read({});
  if (!first) return undefined;
  return (async function* () {
    let last: string | undefined;
    for (let page = first; ; ) {
      // The server makes the next page while this one is worked on.
      const coming = page.next && read(page.next);
      coming?.catch(() => undefined);
      const [begin] = page.entries;
      // Some servers begin a page of versions with the last one of the page before.
      const again = begin !== undefined && JSON.stringify(begin) === last;
      yield* again ? page.entries.slice(1) : page.entries;
      if (page.next === undefined) return;
      last = JSON.stringify(page.entries.at(-1));
      signal.throwIfAborted();
      const following = await coming;
      if (!following) throw strange(bucket, 'the bucket vanished');
      // A server that does not move on would be asked for ever.
      if (following.next && JSON.stringify(following.next) === JSON.stringify(page.next)) {
        throw strange(bucket, 'a page refers to itself');
      }
      page = following;
    }
  })();
}

function pageOf<T>(kind: Kind<T>, { text }: Asked, bucket: string) {
  try {
    const page = parseXml(text);
    const isTruncated = textOf(page, 'IsTruncated');
    // A page of something else, such as a proxy's, must not pass for the end of the listing.
    if (!/^List\w+Result$/.test(page.name) || !/^(?:true|false)$/.test(isTruncated ?? '')) {
      throw new SyntaxError(`the answer is no page of a listing, but <${page.name.slice(0, 40)}>`);
    }
    const decode = textOf(page, 'EncodingType') === 'url' ? decodeUrl : unencoded;
    const listed = page.children.flatMap((element) => kind.entry(element, decode) ?? []);
    const entries = kind.arranged?.(listed) ?? listed;
    if (isTruncated !== 'true') return { entries, next: undefined };
    const next = kind.next(page, decode);
    if (Object.values(next).every((value) => value === undefined)) {
      throw new SyntaxError('there is more, and no marker for it');
    }
    return { entries, next };
  } catch (error) {
    throw strange(bucket, String(error), error);
  }
}

const asIs: Decode = (text) => text;
/**
 * XML cannot hold every key. A server that does not encode them, although asked to, puts U+FFFD in
 * place of what is impossible, and the name of the object is lost.
 */
const unencoded: Decode = (text) => {
  if (text.includes('\ufffd')) throw new SyntaxError('the server cannot list the key of an object');
  return text;
};
/** A space is written as `+` by some servers and as %20 by others; a plus is always %2B. */
const decodeUrl: Decode = (text) => decodeURIComponent(text.replaceAll('+', ' '));

const strange = (bucket: string, why: string, cause?: unknown): Fault =>
  new Fault('objects-failed', `the listing of bucket ${bucket} is not usable: ${why}`, { cause });
