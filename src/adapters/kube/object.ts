/** Where requests go and as whom, for printing before anything is written. */
export interface KubeTarget {
  readonly context: string;
  /** URL of the API server, without credentials. */
  readonly server: string;
  /** Name of the user entry in the kubeconfig, or the subject of a token; `anonymous` without one. */
  readonly user: string;
  /** Used for a namespaced object that names none. */
  readonly namespace: string;
}

export interface ObjectMeta {
  readonly name: string;
  readonly namespace?: string;
  readonly uid?: string;
  readonly resourceVersion?: string;
  readonly generation?: number;
  readonly labels?: Readonly<Record<string, string>>;
  readonly annotations?: Readonly<Record<string, string>>;
  /** RFC 3339. */
  readonly creationTimestamp?: string;
  /** RFC 3339; present while the object is being deleted. */
  readonly deletionTimestamp?: string;
  readonly finalizers?: readonly string[];
  readonly [field: string]: unknown;
}

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: ObjectMeta;
  readonly [field: string]: unknown;
}

/** An object to be made; `generateName` may stand for the name. */
export interface NewKubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: Partial<ObjectMeta>;
  readonly [field: string]: unknown;
}

export interface KindRef {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface ObjectRef extends KindRef {
  readonly name: string;
  /** Of a namespaced kind; the target's namespace when not given. */
  readonly namespace?: string;
  /** Such as `status` or `scale`. */
  readonly subresource?: string;
}

export interface PodRef {
  readonly name: string;
  /** The target's namespace when not given. */
  readonly namespace?: string;
}

/** One kind as the server serves it (APIResourceDiscovery). */
export interface Resource extends KindRef {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  /** Plural, as in paths and RBAC rules. */
  readonly name: string;
  readonly namespaced: boolean;
  readonly verbs: readonly string[];
  readonly subresources: readonly string[];
  /** Whether this is the first of the group's versions that serves the resource. */
  readonly preferred: boolean;
}

export interface Discovery {
  readonly resources: readonly Resource[];
  /** `group/version` of aggregated APIs that do not answer; what they serve is not known. */
  readonly unavailable: readonly string[];
}
