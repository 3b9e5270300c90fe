import { Fault } from '../../core/fault.ts';
import { parseObject } from '../../core/json.ts';
import { wait } from './abort.ts';
import type { Connection } from './connection.ts';
import { pathOf, type Resources } from './discovery.ts';
import { failed, statusFault, transportFault } from './faults.ts';
import { lines } from './frames.ts';
import { createKnown, type Known } from './known.ts';
import type { ApiStatus, SelectOptions, WatchEvent } from './kube.ts';
import { pages, selectors } from './list.ts';
import type { KindRef, Resource } from './object.ts';
import { isObject } from './objects.ts';
import { jsonOf, pauseMs, textOf } from './request.ts';
import { statusOf } from './status.ts';
import { chunks, type HttpRequest, send } from './transport.ts';

/** Seconds; after one to two times that the server ends a watch, so that not all come back at once. */
const watchSeconds = 240;
/** Milliseconds. Bookmarks come about every minute; a longer silence is a connection that is gone. */
const idleMs = 150_000;
/** Failures in a row; with their pauses about half a minute. */
const patience = 8;
/** Milliseconds; a watch that lasted this long ended as watches do. */
const settledMs = 5000;

/** See `Kube.watch`. */
export async function* watch(
  connection: Connection,
  resources: Resources,
  ref: KindRef,
  options: SelectOptions,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent> {
  const { target } = connection;
  const resource = await resources.find(ref, signal);
  const path = resource && pathOf(resource, options.namespace);
  if (resource === undefined || path === undefined) {
    throw failed(
      target,
      { method: 'GET', path: '/apis' },
      `serves no ${ref.kind} in ${ref.apiVersion}`,
    );
  }
  const known = createKnown();
  const position: Position = { version: undefined };
  let synced = false;
  let failures = 0;
  for (;;) {
    const started = performance.now();
    const before = position.version;
    const problem: Fault | undefined =
      before === undefined
        ? yield* catchUp(connection, resource, options, position, known, signal)
        : yield* follow(connection, path, options, position, known, signal);
    if (before === undefined && !synced) {
      // Nothing has been promised yet, so the first list fails at once.
      if (problem) throw problem;
      synced = true;
      yield { type: 'synced' };
    }
    if (before === undefined && !problem) continue;
    const moved = position.version !== undefined && position.version !== before;
    failures = moved || performance.now() - started > settledMs ? 0 : failures + 1;
    if (failures > patience) {
      throw problem ?? failed(target, { method: 'GET', path }, 'ends every watch at once');
    }
    // The first time at once: that a watch ends is ordinary.
    if (failures > 1) await wait(pauseMs(failures - 1, undefined), signal);
  }
}

/** Where the watch stands; undefined when a list has to say so first. */
interface Position {
  version: string | undefined;
}

/** Lists, gives what differs from what is known, and sets the position. @returns what went wrong */
async function* catchUp(
  connection: Connection,
  resource: Resource,
  options: SelectOptions,
  position: Position,
  known: Known,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, Fault | undefined> {
  let version: string | undefined;
  let listing = known.listing();
  try {
    for await (const page of pages(connection, resource, options, signal)) {
      if (page.restarted) listing = known.listing();
      for (const item of page.items) {
        signal.throwIfAborted();
        yield* listing.seen(item);
      }
      version = page.resourceVersion;
    }
  } catch (error) {
    if (error instanceof Fault && error.code !== 'cluster-denied') return error;
    throw error;
  }
  if (version === undefined) {
    const asked = { method: 'GET', path: pathOf(resource, options.namespace) };
    return failed(connection.target, asked, `no longer serves ${resource.kind}`);
  }
  yield* listing.missing();
  position.version = version;
  return undefined;
}

/**
 * One watch from its start to its end, which moves the position on.
 * @returns what a caller that loses patience throws; undefined when the server ended it in order
 */
async function* follow(
  connection: Connection,
  path: string,
  options: SelectOptions,
  position: Position,
  known: Known,
  signal: AbortSignal,
): AsyncGenerator<WatchEvent, Fault | undefined> {
  const request = watchRequest(path, options, position);
  const fault = (status: ApiStatus) => statusFault(connection.target, request, status);
  try {
    const { response } = await send(connection, request, signal);
    const code = response.statusCode ?? 0;
    if (code !== 200) {
      const text = await textOf(response, signal);
      const status = statusOf(code, jsonOf(text ?? '') ?? text);
      if (isGone(status)) position.version = undefined;
      else if (code === 401 && connection.renew()) return fault(status);
      else if (code < 500 && code !== 429) throw fault(status);
      return fault(status);
    }
    for await (const line of lines(chunks(response, idleMs, signal))) {
      signal.throwIfAborted();
      const frame = parseObject(line);
      if (frame === undefined) throw new Error('a line of the watch is not JSON');
      const { type, object } = frame;
      if (type === 'ERROR') {
        // Whatever the server lost, a list says what is true now.
        position.version = undefined;
        const status = statusOf(500, object);
        return isGone(status) ? undefined : fault(status);
      }
      if (!isObject(object)) throw new Error(`a ${String(type)} event of the watch has no object`);
      if (type !== 'BOOKMARK') yield* known.changed(type === 'DELETED', object);
      position.version = object.metadata.resourceVersion;
    }
    return undefined;
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    if (error instanceof Fault) throw error;
    return transportFault(connection.target, request, error);
  }
}

function watchRequest(path: string, options: SelectOptions, { version }: Position): HttpRequest {
  return {
    method: 'GET',
    path,
    query: {
      ...selectors(options),
      watch: true,
      allowWatchBookmarks: true,
      resourceVersion: version,
      timeoutSeconds: Math.round(watchSeconds * (1 + Math.random())),
    },
  };
}

/** The server no longer has the changes since that version (410). */
const isGone = ({ code, reason }: ApiStatus): boolean => code === 410 || reason === 'Expired';
