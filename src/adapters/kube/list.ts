import { objectOf, objectsOf, textOf } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { pathOf, type Resources } from './discovery.ts';
import { failed, statusFault } from './faults.ts';
import type { ListOptions, SelectOptions } from './kube.ts';
import type { KindRef, KubeObject, Resource } from './object.ts';
import { isObject } from './objects.ts';
import { call } from './request.ts';
import type { Query } from './transport.ts';

export interface Page {
  readonly items: readonly KubeObject[];
  /** Of the whole list: where a watch goes on. */
  readonly resourceVersion: string;
  /** The pages before are void: the list was begun again. */
  readonly restarted: boolean;
}

const defaultPageSize = 250;
/** The server keeps a list for five minutes; a reader too slow for it would otherwise never end. */
const maxRestarts = 3;

/** The pages of a list; none when the kind is not served. @throws Fault `cluster-failed`, also when the server forgets it again and again */
export async function* pages(
  connection: Connection,
  resource: Resource,
  options: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<Page> {
  const path = pathOf(resource, options.namespace);
  let next: string | undefined;
  let restarts = 0;
  let restarted = false;
  do {
    const request = {
      method: 'GET',
      path,
      query: { ...selectors(options), limit: options.pageSize ?? defaultPageSize, continue: next },
      idempotent: true,
    } as const;
    const reply = await call(connection, request, signal);
    if (!reply.ok) {
      // Served when it was looked up, and not any more.
      if (reply.status.code === 404) return;
      if (reply.status.code !== 410 || next === undefined || ++restarts > maxRestarts) {
        throw statusFault(connection.target, request, reply.status);
      }
      next = undefined;
      restarted = true;
      continue;
    }
    const body = objectOf(reply.body);
    const metadata = objectOf(body?.metadata);
    if (!Array.isArray(body?.items) || metadata === undefined) {
      throw failed(connection.target, request, 'answered something other than a list');
    }
    const { apiVersion, kind } = resource;
    yield {
      // Items of built-in kinds come without these two.
      items: objectsOf(body.items)
        .map((item) => ({ apiVersion, kind, ...item }))
        .filter(isObject),
      resourceVersion: String(metadata.resourceVersion ?? ''),
      restarted,
    };
    restarted = false;
    next = textOf(metadata.continue) ?? '';
  } while (next !== '');
}

export const selectors = ({ labelSelector, fieldSelector }: SelectOptions): Query => ({
  labelSelector,
  fieldSelector,
});

/** Every object once, also over a list that was begun again. */
export async function* list(
  connection: Connection,
  resources: Resources,
  ref: KindRef,
  options: ListOptions,
  signal: AbortSignal,
): AsyncGenerator<KubeObject> {
  const resource = await resources.find(ref, signal);
  if (resource === undefined) return;
  const given = new Set<unknown>();
  let restarted = false;
  for await (const page of pages(connection, resource, options, signal)) {
    restarted ||= page.restarted;
    for (const item of page.items) {
      signal.throwIfAborted();
      const { uid } = item.metadata;
      if (restarted && given.has(uid)) continue;
      given.add(uid);
      yield item;
    }
  }
}
