import type { Readable } from 'node:stream';
import type {
  Discovery,
  KindRef,
  KubeObject,
  KubeTarget,
  NewKubeObject,
  ObjectRef,
  PodRef,
  Resource,
} from './object.ts';

export type {
  Discovery,
  KindRef,
  KubeObject,
  KubeTarget,
  NewKubeObject,
  ObjectRef,
  PodRef,
  Resource,
} from './object.ts';

export interface KubeVersion {
  readonly major: number;
  readonly minor: number;
  /** Such as `v1.34.4`. */
  readonly gitVersion: string;
}

export interface StatusCause {
  readonly field: string;
  readonly reason: string;
  readonly message: string;
}

/** The `Status` object of the API: why a request was not done. */
export interface ApiStatus {
  /** HTTP status code. */
  readonly code: number;
  /** Such as `Forbidden`, `Invalid`, `Conflict`; empty when the server gives none. */
  readonly reason: string;
  readonly message: string;
  readonly causes: readonly StatusCause[];
}

/** The API server understood and will not do what was asked: validation, admission, quota, RBAC, conflict. */
export interface Refused {
  readonly outcome: 'refused';
  readonly status: ApiStatus;
  readonly warnings: readonly string[];
}

export interface Accepted {
  readonly outcome: 'ok';
  readonly object: KubeObject;
  /** Texts of the API's `Warning` headers. */
  readonly warnings: readonly string[];
}

export interface Removed {
  readonly outcome: 'ok';
  /** What is left while finalizers or a grace period run; undefined when it is gone at once. */
  readonly object: KubeObject | undefined;
  readonly warnings: readonly string[];
}

export type Written = Accepted | Refused;

export interface WriteOptions {
  /** Admission and validation as usual, and nothing stored. */
  readonly dryRun?: boolean;
  /** Owner of the fields written; `deploycheck` when not given. */
  readonly fieldManager?: string;
  /** What to do with unknown and duplicate fields; the server warns when not given. */
  readonly fieldValidation?: 'Ignore' | 'Warn' | 'Strict';
}

export interface ApplyOptions extends WriteOptions {
  /** Takes over fields that another manager owns; without, such a conflict is refused with 409. */
  readonly force?: boolean;
}

export type Patch =
  | { readonly type: 'merge' | 'strategic'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly type: 'json'; readonly body: readonly Readonly<Record<string, unknown>>[] };

export interface RemoveOptions {
  readonly propagation?: 'Foreground' | 'Background' | 'Orphan';
  readonly gracePeriodSeconds?: number;
  /** Refused with 409 when the object of that name is another one. */
  readonly uid?: string;
  readonly dryRun?: boolean;
}

export interface SelectOptions {
  /** Every namespace when not given. */
  readonly namespace?: string;
  readonly labelSelector?: string;
  readonly fieldSelector?: string;
}

export interface ListOptions extends SelectOptions {
  /** Objects in one request; 250 when not given. */
  readonly pageSize?: number;
}

export type WatchEvent =
  /** Everything that existed at the start has been given as `added`; comes once. */
  | { readonly type: 'synced' }
  /** For `deleted`: the last state known. */
  | { readonly type: 'added' | 'modified' | 'deleted'; readonly object: KubeObject };

export interface LogOptions {
  /** Needed when the pod has several. */
  readonly container?: string;
  /** Of the container's last ended instance. */
  readonly previous?: boolean;
  readonly tailLines?: number;
  /** RFC 3339. */
  readonly sinceTime?: string;
  readonly limitBytes?: number;
  /** Goes on until the container ends. */
  readonly follow?: boolean;
  /** Each line begins with its RFC 3339 time. */
  readonly timestamps?: boolean;
}

export interface LogStream {
  readonly outcome: 'ok';
  /** Ends with a Fault when the connection breaks, and with the signal's reason. Read or destroy it. */
  readonly stream: Readable;
}

export interface ExecOptions {
  /** Needed when the pod has several. */
  readonly container?: string;
  readonly command: readonly string[];
  /**
   * When a command ends without reading much of it, containerd 1.6 may never say so (to kubectl as
   * little as to us); what is left is the deadline.
   */
  readonly stdin?: string | Uint8Array;
  /** Milliseconds; the process in the container goes on when they are over. */
  readonly timeoutMs: number;
  /** Bytes kept of each output; 1 MiB when not given. */
  readonly maxOutputBytes?: number;
}

export interface ExecOutput {
  readonly stdout: string;
  readonly stderr: string;
  /** Whether an output was longer than `maxOutputBytes`, of which the beginning is kept. */
  readonly truncated: boolean;
}

export type ExecResult =
  | (ExecOutput & { readonly outcome: 'ok'; readonly exitCode: number })
  | (ExecOutput & { readonly outcome: 'timed-out' })
  | Refused;

/** A port of this machine whose connections reach a port of a pod. */
export interface Forward {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Why the last connection that could not be carried failed; undefined when none did. */
  problem(): string | undefined;
  /** Ends the listener and every connection. */
  close(): Promise<void>;
}

export interface AccessQuestion {
  readonly verb: string;
  /** Empty for the core group. */
  readonly group?: string;
  /** Plural. */
  readonly resource: string;
  readonly subresource?: string;
  /** All namespaces when not given. */
  readonly namespace?: string;
  readonly name?: string;
}

export interface Access {
  readonly allowed: boolean;
  /** What the authorizer says; often empty. */
  readonly reason: string;
}

export interface IssuedToken {
  readonly outcome: 'ok';
  readonly token: string;
  /** RFC 3339. */
  readonly expires: string;
}

/**
 * One API server, as one user. Every method may throw these Faults and the signal's reason:
 * `cluster-unreachable` (no connection, or it broke), `cluster-denied` (401; 403 on a read),
 * `cluster-failed` (5xx after retries, an answer that cannot be read), `tool-missing` and
 * `tool-failed` (the kubeconfig's credential plugin).
 */
export interface Kube {
  readonly target: KubeTarget;
  version(signal: AbortSignal): Promise<KubeVersion>;
  /** Everything served now. */
  resources(signal: AbortSignal): Promise<Discovery>;
  /** How a kind is served; asks the server again when the kind is not known yet. */
  resourceFor(ref: KindRef, signal: AbortSignal): Promise<Resource | undefined>;
  /** Undefined when the object, or its kind, does not exist. */
  get(ref: ObjectRef, signal: AbortSignal): Promise<KubeObject | undefined>;
  /**
   * Page by page, each object once; nothing when the kind is not served. When the server forgets the
   * list under way (410), it is begun again: what is given then is not of one moment.
   */
  list(ref: KindRef, options: ListOptions, signal: AbortSignal): AsyncIterable<KubeObject>;
  /** Server-side apply. */
  apply(object: KubeObject, options: ApplyOptions, signal: AbortSignal): Promise<Written>;
  create(object: NewKubeObject, options: WriteOptions, signal: AbortSignal): Promise<Written>;
  patch(ref: ObjectRef, patch: Patch, options: WriteOptions, signal: AbortSignal): Promise<Written>;
  remove(ref: ObjectRef, options: RemoveOptions, signal: AbortSignal): Promise<Removed | Refused>;
  /**
   * What exists and how it changes, without end: lost connections are made again, and after a gap only
   * what differs is given. Read one event at a time; the server waits when the reader does.
   * @throws Fault `cluster-unreachable` when the server stays away for about half a minute
   */
  watch(ref: KindRef, options: SelectOptions, signal: AbortSignal): AsyncIterable<WatchEvent>;
  logs(pod: PodRef, options: LogOptions, signal: AbortSignal): Promise<LogStream | Refused>;
  exec(pod: PodRef, options: ExecOptions, signal: AbortSignal): Promise<ExecResult>;
  /**
   * Each local connection is carried on its own; a pod that goes away ends it, not the listener. A
   * client that ends its side only is cut 10 s after the pod's last byte: the protocol cannot say so.
   * The signal closes it, as {@link Forward.close} does.
   */
  forward(pod: PodRef, port: number, signal: AbortSignal): Promise<Forward>;
  /** JSON at a path such as `/apis/metrics.k8s.io/v1beta1/nodes`; undefined on 404. */
  raw(path: string, signal: AbortSignal): Promise<unknown>;
  /** Text at a path, such as the metrics of a node; undefined on 404. */
  text(path: string, signal: AbortSignal): Promise<string | undefined>;
  /** Whether this user may (SelfSubjectAccessReview). */
  can(question: AccessQuestion, signal: AbortSignal): Promise<Access>;
  /** A short-lived token of a ServiceAccount (TokenRequest); the server's least is 600 seconds. */
  token(
    account: PodRef,
    options: { readonly expirationSeconds: number },
    signal: AbortSignal,
  ): Promise<IssuedToken | Refused>;
  /** The same server with a bearer token as the only credential; it has connections of its own. */
  asServiceAccount(token: string): Kube;
  /** Ends idle connections; calls under way go on. */
  close(): void;
}
