import { describe, expect, it } from 'vitest';
import { createKnown } from './known.ts';
import type { WatchEvent } from './kube.ts';
import type { KubeObject } from './object.ts';

const object = (name: string, uid: string, resourceVersion: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, namespace: 'shop', uid, resourceVersion },
});
const texts = (events: Iterable<WatchEvent>) =>
  [...events].map((event) =>
    event.type === 'synced'
      ? 'synced'
      : `${event.type} ${event.object.metadata.name}/${event.object.metadata.uid}`,
  );

describe('what a watch knows', () => {
  const known = () => {
    const it = createKnown();
    const listing = it.listing();
    for (const one of [object('a', '1', '1'), object('b', '2', '2')]) [...listing.seen(one)];
    return it;
  };

  it('adds what is new and passes over what is the same', () => {
    const { changed } = known();
    expect(texts(changed(false, object('c', '3', '3')))).toEqual(['added c/3']);
    expect(texts(changed(false, object('a', '1', '1')))).toEqual([]);
    expect(texts(changed(false, object('a', '1', '4')))).toEqual(['modified a/1']);
    expect(texts(changed(true, object('a', '1', '5')))).toEqual(['deleted a/1']);
    expect(texts(changed(true, object('a', '1', '5')))).toEqual([]);
    expect(texts(changed(false, object('a', '6', '6')))).toEqual(['added a/6']);
  });

  it('gives the end of the old one before the new one of its name', () => {
    const listing = known().listing();
    expect(texts(listing.seen(object('a', '9', '9')))).toEqual(['deleted a/1', 'added a/9']);
    expect(texts(listing.missing())).toEqual(['deleted b/2']);
    expect(texts(listing.missing())).toEqual([]);
  });

  it('tells namespaces apart', () => {
    const { changed } = known();
    const elsewhere = { ...object('a', '7', '7') };
    const other = { ...elsewhere, metadata: { ...elsewhere.metadata, namespace: 'bar' } };
    expect(texts(changed(false, other))).toEqual(['added a/7']);
  });
});
