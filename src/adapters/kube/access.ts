import { objectOf, textOf } from '../../core/json.ts';
import type { Connection } from './connection.ts';
import { failed, statusFault } from './faults.ts';
import type { Access, AccessQuestion, IssuedToken, Refused } from './kube.ts';
import type { PodRef } from './object.ts';
import { refused } from './objects.ts';
import { type ApiRequest, call } from './request.ts';

/** See `Kube.can`. */
export async function can(
  connection: Connection,
  question: AccessQuestion,
  signal: AbortSignal,
): Promise<Access> {
  const request = post('/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
    apiVersion: 'authorization.k8s.io/v1',
    kind: 'SelfSubjectAccessReview',
    spec: { resourceAttributes: question },
  });
  const reply = await call(connection, request, signal);
  if (!reply.ok) throw statusFault(connection.target, request, reply.status);
  const status = objectOf(objectOf(reply.body)?.status);
  if (typeof status?.allowed !== 'boolean') {
    throw failed(connection.target, request, 'did not say whether the access is allowed');
  }
  return { allowed: status.allowed, reason: textOf(status.reason) ?? '' };
}

/** See `Kube.token`. */
export async function token(
  connection: Connection,
  account: PodRef,
  { expirationSeconds }: { readonly expirationSeconds: number },
  signal: AbortSignal,
): Promise<IssuedToken | Refused> {
  const namespace = encodeURIComponent(account.namespace ?? connection.target.namespace);
  const name = encodeURIComponent(account.name);
  const request = post(`/api/v1/namespaces/${namespace}/serviceaccounts/${name}/token`, {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    spec: { expirationSeconds },
  });
  const reply = await call(connection, request, signal);
  if (!reply.ok) return refused(reply);
  const status = objectOf(objectOf(reply.body)?.status);
  const bearer = textOf(status?.token);
  if (bearer === undefined) throw failed(connection.target, request, 'gave no token');
  return { outcome: 'ok', token: bearer, expires: String(status?.expirationTimestamp) };
}

/** Nothing is stored by these, so they may be repeated. */
const post = (path: string, body: Readonly<Record<string, unknown>>): ApiRequest => ({
  method: 'POST',
  path,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
  idempotent: true,
});
