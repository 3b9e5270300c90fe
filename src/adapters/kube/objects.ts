import { objectOf, textOf } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { pathOf, type Resources } from './discovery.ts';
import { failed } from './faults.ts';
import type { Kube, Patch, Refused, WriteOptions } from './kube.ts';
import type { KindRef, KubeObject, NewKubeObject, ObjectRef, Resource } from './object.ts';
import { type ApiRequest, call, type Reply, read } from './request.ts';
import { concealerOf } from './secrets.ts';
import type { Query } from './transport.ts';

const patchTypes = {
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  json: 'application/json-patch+json',
  // JSON is YAML.
  apply: 'application/apply-patch+yaml',
} as const;

type Objects = Pick<Kube, 'get' | 'apply' | 'create' | 'patch' | 'remove'>;

/** Single objects. */
export function objectsOf(connection: Connection, resources: Resources): Objects {
  const { target } = connection;

  const place = (resource: Resource, ref: Omit<ObjectRef, keyof KindRef>): string =>
    pathOf(resource, ref.namespace ?? target.namespace, ref.name, ref.subresource);

  const write = async (request: ApiRequest, signal: AbortSignal) => {
    const reply = await call(connection, request, signal);
    if (!reply.ok) return refused(reply);
    if (!isObject(reply.body))
      throw failed(target, request, 'answered something other than an object');
    return { outcome: 'ok' as const, object: reply.body, warnings: reply.warnings };
  };

  return {
    async get(ref, signal) {
      const resource = await resources.find(ref, signal);
      if (resource === undefined) return undefined;
      const path = place(resource, ref);
      const body = await read(connection, { path }, signal);
      if (body === undefined || isObject(body)) return body;
      throw failed(target, { method: 'GET', path }, 'answered something other than an object');
    },

    async apply(object, options, signal) {
      const resource = await resources.find(object, signal);
      if (resource === undefined) return notServed(object);
      return write(
        {
          method: 'PATCH',
          path: place(resource, object.metadata),
          query: { ...writeQuery(options), force: options.force ?? false },
          headers: { 'content-type': patchTypes.apply },
          body: JSON.stringify(object),
          idempotent: true,
          conceal: concealerOf(object),
        },
        signal,
      );
    },

    async create(object: NewKubeObject, options, signal) {
      const resource = await resources.find(object, signal);
      if (resource === undefined) return notServed(object);
      return write(
        {
          method: 'POST',
          path: pathOf(resource, object.metadata?.namespace ?? target.namespace),
          query: writeQuery(options),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(object),
          idempotent: options.dryRun ?? false,
          conceal: concealerOf(object),
        },
        signal,
      );
    },

    async patch(ref, patch: Patch, options, signal) {
      const resource = await resources.find(ref, signal);
      if (resource === undefined) return notServed(ref);
      return write(
        {
          method: 'PATCH',
          path: place(resource, ref),
          query: writeQuery(options),
          headers: { 'content-type': patchTypes[patch.type] },
          body: JSON.stringify(patch.body),
          // A JSON patch may append to a list.
          idempotent: patch.type !== 'json' || (options.dryRun ?? false),
          conceal: concealerOf({ kind: ref.kind, patch: patch.body }),
        },
        signal,
      );
    },

    async remove(ref, options, signal) {
      const resource = await resources.find(ref, signal);
      if (resource === undefined) return notServed(ref);
      const reply = await call(
        connection,
        {
          method: 'DELETE',
          path: place(resource, ref),
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({
            kind: 'DeleteOptions',
            apiVersion: 'v1',
            propagationPolicy: options.propagation,
            gracePeriodSeconds: options.gracePeriodSeconds,
            ...(options.uid === undefined ? {} : { preconditions: { uid: options.uid } }),
            ...(options.dryRun ? { dryRun: ['All'] } : {}),
          }),
          idempotent: true,
        },
        signal,
      );
      if (!reply.ok) return refused(reply);
      // `Status` says that nothing is left; otherwise the object comes as it is now.
      const object = isObject(reply.body) && isDeleting(reply.body) ? reply.body : undefined;
      return { outcome: 'ok', object, warnings: reply.warnings };
    },
  };
}

export const refused = ({ status, warnings }: Extract<Reply, { ok: false }>): Refused => ({
  outcome: 'refused',
  status,
  warnings,
});

const notServed = ({ apiVersion, kind }: KindRef): Refused => ({
  outcome: 'refused',
  status: {
    code: 404,
    reason: 'NotFound',
    message: `the server serves no kind ${kind} in ${apiVersion}`,
    causes: [],
  },
  warnings: [],
});

const writeQuery = ({ dryRun, fieldManager, fieldValidation }: WriteOptions): Query => ({
  fieldManager: fieldManager ?? 'deploycheck',
  dryRun: dryRun ? 'All' : undefined,
  fieldValidation,
});

export function isObject(value: unknown): value is KubeObject {
  const object = objectOf(value);
  return (
    textOf(object?.apiVersion) !== undefined &&
    textOf(object?.kind) !== undefined &&
    object?.kind !== 'Status' &&
    objectOf(object?.metadata) !== undefined
  );
}

const isDeleting = ({ metadata }: KubeObject): boolean => metadata.deletionTimestamp !== undefined;
