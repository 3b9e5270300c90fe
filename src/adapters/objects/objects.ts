import type {
  GetOptions,
  ObjectContent,
  ObjectStat,
  Protection,
  PutOptions,
  ReadOptions,
  Retention,
  Stored,
  WholeObject,
} from './content.ts';

export type * from './content.ts';

/** What is not given is taken from the standard AWS_* variables. */
export interface ObjectSource {
  /** `http(s)://host[:port]`; AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL, or Amazon's for the region. */
  readonly endpoint?: string;
  /** AWS_REGION, AWS_DEFAULT_REGION, or us-east-1. */
  readonly region?: string;
  readonly accessKey?: string;
  readonly secretKey?: string;
  readonly sessionToken?: string;
  /** The bucket in the path rather than in the host's name; by default everywhere but at Amazon. */
  readonly pathStyle?: boolean;
}

export interface ObjectStoreSettings {
  /** Origin of the address: scheme, host and port. */
  readonly endpoint: string;
  readonly region: string;
  readonly pathStyle: boolean;
  readonly accessKey: string;
  /** Functions, so that printing the settings never prints a secret. */
  readonly secretKey: () => string;
  readonly sessionToken: () => string | undefined;
  /** PEM text of certificates to trust instead of Node's (AWS_CA_BUNDLE). */
  readonly certificates?: string;
}

export interface ObjectStores {
  /**
   * The secrets are registered with the redactor.
   * @throws Fault `objects-url-invalid`
   */
  settings(source: ObjectSource): Promise<ObjectStoreSettings>;
  /** Connects to nothing yet. */
  open(settings: ObjectStoreSettings): ObjectStore;
}

export interface ObjectEntry {
  readonly key: string;
  /** Bytes. */
  readonly size: number;
  /** Without quotes; the MD5 of the content only for an object that was sent in one piece. */
  readonly etag: string;
  readonly lastModified: Date;
}

export interface ObjectVersion extends ObjectEntry {
  /** `null` is the name of a version made before versioning was enabled. */
  readonly versionId: string;
  readonly isLatest: boolean;
  /** A delete marker has neither content nor ETag. */
  readonly isDeleteMarker: boolean;
}

export interface UnfinishedUpload {
  readonly key: string;
  readonly uploadId: string;
  readonly initiated: Date;
}

/** `protected`: retention or a legal hold keeps this version. */
export type Removal = 'removed' | 'protected';

export interface RemoveOptions {
  /** Removes this version for good; without it a versioned bucket gets a delete marker. */
  readonly versionId?: string;
  /** Lifts retention in governance mode, for those allowed to. */
  readonly bypassGovernance?: boolean;
}

export interface ObjectName {
  readonly key: string;
  readonly versionId?: string;
}

export interface RemovalFailure extends ObjectName {
  /** As S3 names it, such as `AccessDenied`. */
  readonly code: string;
  readonly message: string;
}

export interface ObjectLock {
  readonly enabled: boolean;
  /** Given to every new object that brings no retention of its own. */
  readonly defaultRetention?: { readonly mode: Retention['mode']; readonly days: number };
}

/** Settings of a bucket that S3 keeps as one text each: JSON for the policy, XML for the others. */
export type BucketDocument = 'policy' | 'lifecycle' | 'cors' | 'tags' | 'encryption' | 'lock';

export type DocumentFound =
  | { readonly outcome: 'found'; readonly text: string }
  /** `unsupported`: the server does not have the feature. */
  | { readonly outcome: 'none' | 'unsupported' };

/** `never` was never set. */
export type Versioning = 'enabled' | 'suspended' | 'never' | 'unsupported';

/**
 * An S3 object store. A missing bucket or key is a value. Everything else that is not as asked for
 * is a Fault: `objects-unreachable`, `objects-denied`, `objects-failed`. An aborted call rejects with
 * the signal's reason, and its transfer has ended by then.
 */
export interface ObjectStore {
  /** All keys that begin with `prefix`, page by page; undefined when there is no such bucket. */
  list(
    bucket: string,
    prefix: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ObjectEntry> | undefined>;
  /** All versions and delete markers, by key, newest first. */
  listVersions(
    bucket: string,
    prefix: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ObjectVersion> | undefined>;
  /** Versions and delete markers of one key, newest first as far as the server tells. */
  versionsOf(
    bucket: string,
    key: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<ObjectVersion> | undefined>;
  /** Multipart uploads that were begun and not ended. */
  listUploads(
    bucket: string,
    prefix: string,
    signal: AbortSignal,
  ): Promise<AsyncIterable<UnfinishedUpload> | undefined>;
  abortUpload(bucket: string, upload: UnfinishedUpload, signal: AbortSignal): Promise<void>;
  /** Undefined when bucket, key or version is missing, and for a delete marker. */
  stat(
    bucket: string,
    key: string,
    signal: AbortSignal,
    versionId?: string,
  ): Promise<ObjectStat | undefined>;
  get(
    bucket: string,
    key: string,
    options: GetOptions,
    signal: AbortSignal,
  ): Promise<ObjectContent | undefined>;
  /**
   * Reads an object that is known to be small.
   * @returns undefined when there is none, `larger` when it has more bytes than that
   */
  read(
    bucket: string,
    key: string,
    options: ReadOptions,
    signal: AbortSignal,
  ): Promise<WholeObject | 'larger' | undefined>;
  /**
   * Stores the whole source or nothing: a wrong size or SHA-256 is a Fault `objects-failed`, and
   * parts already sent are taken back. The source's own error is thrown as it is.
   */
  put(
    bucket: string,
    key: string,
    source: AsyncIterable<Uint8Array>,
    options: PutOptions,
    signal: AbortSignal,
  ): Promise<Stored>;
  /**
   * Undefined when bucket, key or version is missing, where the bucket has object lock.
   * @throws Fault `objects-denied` where one may not know
   */
  protection(
    bucket: string,
    key: string,
    versionId: string | undefined,
    signal: AbortSignal,
  ): Promise<Protection | undefined>;
  /** `removed` also when there was nothing. */
  remove(
    bucket: string,
    key: string,
    options: RemoveOptions,
    signal: AbortSignal,
  ): Promise<Removal>;
  /** What could not be removed; empty when all went well. */
  removeMany(
    bucket: string,
    objects: Iterable<ObjectName> | AsyncIterable<ObjectName>,
    options: Pick<RemoveOptions, 'bypassGovernance'>,
    signal: AbortSignal,
  ): Promise<readonly RemovalFailure[]>;
  bucketExists(bucket: string, signal: AbortSignal): Promise<boolean>;
  makeBucket(
    bucket: string,
    options: { readonly objectLock?: boolean },
    signal: AbortSignal,
  ): Promise<'made' | 'exists'>;
  removeBucket(bucket: string, signal: AbortSignal): Promise<'removed' | 'missing' | 'not-empty'>;
  /** Undefined when there is no such bucket; so with the next two. */
  versioning(bucket: string, signal: AbortSignal): Promise<Versioning | undefined>;
  setVersioning(
    bucket: string,
    state: 'enabled' | 'suspended',
    signal: AbortSignal,
  ): Promise<'set' | undefined>;
  objectLock(bucket: string, signal: AbortSignal): Promise<ObjectLock | undefined>;
  /** By name; undefined when bucket, key or version is missing. */
  tags(
    bucket: string,
    key: string,
    signal: AbortSignal,
    versionId?: string,
  ): Promise<Readonly<Record<string, string>> | undefined>;
  /** Replaces all tags. Undefined when bucket, key or version is missing. */
  setTags(
    bucket: string,
    key: string,
    tags: Readonly<Record<string, string>>,
    signal: AbortSignal,
    versionId?: string,
  ): Promise<'set' | undefined>;
  /** Of a bucket that exists. */
  bucketDocument(
    bucket: string,
    document: BucketDocument,
    signal: AbortSignal,
  ): Promise<DocumentFound>;
  /** @param text as {@link bucketDocument} gives it */
  setBucketDocument(
    bucket: string,
    document: BucketDocument,
    text: string,
    signal: AbortSignal,
  ): Promise<'set' | 'unsupported'>;
  /** Closes idle connections; calls under way go on. */
  close(): void;
}
