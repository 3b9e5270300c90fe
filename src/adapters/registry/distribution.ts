import type { Readable } from 'node:stream';
import { type Digest, isDigest } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import { fieldOf, objectOf, parseObject, textsOf } from '../../core/json.ts';
import { formatReference, type ImageReference } from '../../core/reference.ts';
import { relay } from '../streams/relay.ts';
import { type ClientContext, createClient } from './client.ts';
import {
  acceptManifests,
  descriptorOf,
  descriptorsIn,
  descriptorsOf,
  manifestOf,
  maxManifest,
  mediaTypeOf,
  platformOf,
  verifying,
} from './content.ts';
import { brokenOff, readBody } from './http.ts';
import { nextPage } from './pages.ts';
import type { Descriptor, Manifest, Registry, Repository } from './registry.ts';
import { discard } from './transport.ts';

/** Pages of a list, and bytes of them together. */
const maxPages = 1000;
const maxList = 64 * 1024 * 1024;

/** A registry spoken to by its HTTP interface. */
export function createRegistry(context: ClientContext): Registry {
  const client = createClient(context);

  const manifest = async (
    reference: ImageReference,
    signal: AbortSignal,
  ): Promise<Manifest | undefined> => {
    const path = manifestPath(reference);
    const answer = await client(reference, { path, accept: acceptManifests }, signal);
    if (!answer) return undefined;
    const { headers } = answer;
    const given = {
      contentType: headers.get('content-type'),
      digest: headers.get('docker-content-digest'),
    };
    const bytes = await readBody(answer, maxManifest, signal);
    return manifestOf(bytes, given, reference.digest, formatReference(reference));
  };

  const blob = async (
    repository: Repository,
    wanted: { readonly digest: Digest; readonly size?: number },
    signal: AbortSignal,
  ): Promise<Readable | undefined> => {
    const path = `${repository.repository}/blobs/${wanted.digest}`;
    const answer = await client(repository, { path }, signal);
    if (!answer) return undefined;
    const from = formatReference({ ...onlyRepository(repository), digest: wanted.digest });
    const { host } = answer.url;
    return relay(answer.body, {
      signal,
      through: verifying(wanted, from),
      failure: (error) => brokenOff(host, error),
    });
  };

  /** What each page of a list holds. */
  async function* pages(repository: Repository, first: string, field: string, signal: AbortSignal) {
    let path: string | undefined = first;
    let left = maxList;
    for (let page = 0; path !== undefined; page++) {
      const answer = await client(repository, { path }, signal);
      if (!answer && page > 0) throw noList(repository, 'breaks off a list');
      if (!answer) return;
      if (page === maxPages) {
        discard(answer);
        throw new Fault(
          'registry-failed',
          `${repository.registry} gives more than ${maxPages} pages`,
        );
      }
      const body = await readBody(answer, Math.min(maxManifest, left), signal);
      left -= body.length;
      const list = fieldOf(parseObject(Buffer.from(body).toString()), field);
      // A page for people, or one that was cut off, is not a list that is empty; one whose entries are all gone is null.
      if (list !== null && !Array.isArray(list)) {
        throw noList(repository, `answers without a list of ${field}`);
      }
      yield list ?? [];
      path = nextPage(answer.headers.get('link'), answer.url);
    }
  }

  return {
    manifest,
    blob,
    platform: platformOf,

    async resolve(reference, signal) {
      const asked = {
        path: manifestPath(reference),
        method: 'HEAD',
        accept: acceptManifests,
      } as const;
      const answer = await client(reference, asked, signal);
      if (!answer) return undefined;
      discard(answer);
      const digest = answer.headers.get('docker-content-digest') ?? reference.digest ?? '';
      const size = Number(answer.headers.get('content-length') ?? Number.NaN);
      const mediaType = mediaTypeOf(answer.headers.get('content-type'));
      // Not every registry tells all of it without sending the manifest, and one that gives another
      // digest than it was asked for must show what it means.
      const isClear = isDigest(digest) && digest === (reference.digest ?? digest);
      if (isClear && Number.isSafeInteger(size) && mediaType) {
        return { digest, size, mediaType, annotations: {} };
      }
      const whole = await manifest(reference, signal);
      return (
        whole && {
          digest: whole.digest,
          size: whole.size,
          mediaType: whole.mediaType,
          annotations: {},
        }
      );
    },

    async config(repository, from, signal) {
      const json = parseObject(Buffer.from(from.bytes).toString());
      const descriptor = descriptorOf(objectOf(fieldOf(json, 'config')));
      const name = formatReference({ ...onlyRepository(repository), digest: from.digest });
      if (!descriptor) throw new Fault('registry-failed', `${name}: the manifest names no config`);
      if (descriptor.size > maxManifest) {
        throw new Fault(
          'registry-failed',
          `${name}: a config of ${descriptor.size} bytes is not read`,
        );
      }
      const stream = await blob(repository, descriptor, signal);
      return stream && Buffer.concat(await stream.toArray({ signal }));
    },

    async tags(repository, signal) {
      const tags: string[] = [];
      let isKnown = false;
      const path = `${repository.repository}/tags/list`;
      for await (const list of pages(repository, path, 'tags', signal)) {
        isKnown = true;
        tags.push(...(textsOf(list) ?? []));
      }
      return isKnown ? tags : undefined;
    },

    async referrers(repository, subject, { artifactType }, signal) {
      const found: Descriptor[] = [];
      let isSupported = false;
      const path = `${repository.repository}/referrers/${subject}`;
      for await (const list of pages(repository, path, 'manifests', signal)) {
        isSupported = true;
        found.push(...descriptorsOf(list));
      }
      if (!isSupported) {
        // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#referrers-tag-schema
        const tag = subject.replace(':', '-');
        const index = await manifest({ ...onlyRepository(repository), tag }, signal);
        if (index?.isIndex) found.push(...descriptorsIn(index.bytes, 'manifests'));
      }
      return artifactType === undefined
        ? found
        : found.filter((entry) => entry.artifactType === artifactType);
    },
  };
}

const noList = ({ registry, repository }: Repository, what: string): Fault =>
  new Fault('registry-failed', `${registry} ${what} for ${repository}`);

function manifestPath({ repository, tag = 'latest', digest }: ImageReference): string {
  return `${repository}/manifests/${digest ?? tag}`;
}

function onlyRepository({ registry, repository }: Repository): Repository {
  return { registry, repository };
}
