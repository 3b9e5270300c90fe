import type { Readable } from 'node:stream';

/** What HTTP says about the content; stored with the object and given back unchanged. */
export interface ContentHeaders {
  readonly contentType?: string;
  readonly contentEncoding?: string;
  readonly contentDisposition?: string;
  readonly contentLanguage?: string;
  readonly cacheControl?: string;
}

export interface Retention {
  readonly mode: 'governance' | 'compliance';
  readonly until: Date;
}

/** What keeps a version from being removed, in a bucket with object lock. */
export interface Protection {
  readonly retention?: Retention;
  /** Until it is lifted, at any time. */
  readonly legalHold: boolean;
}

export interface ObjectStat extends ContentHeaders {
  /** Bytes of the whole object. */
  readonly size: number;
  readonly etag: string;
  readonly lastModified: Date;
  /** User metadata by lower-case name, without `x-amz-meta-`. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly versionId?: string;
  readonly retention?: Retention;
}

export interface WholeObject extends ObjectStat {
  readonly content: Buffer;
}

export interface ObjectContent extends ObjectStat {
  /**
   * Ends in an error when it is cut short or does not have the SHA-256 expected. Has to be read to
   * its end or destroyed.
   */
  readonly body: Readable;
}

export interface GetOptions {
  readonly versionId?: string;
  /** Bytes to skip, and how many to read: the rest when not given. */
  readonly range?: { readonly offset: number; readonly length?: number };
  /** Lower-case hex digits that the whole content must have; not with `range`. */
  readonly sha256?: string;
}

export interface ReadOptions {
  readonly versionId?: string;
  /** Bytes that are held in memory. */
  readonly most: number;
}

export interface PutOptions extends ContentHeaders {
  /** Bytes that the source will give. */
  readonly size: number;
  /** Of the whole content, lower-case hex digits; stored as metadata `sha256` as well. */
  readonly sha256: string;
  readonly metadata?: Readonly<Record<string, string>>;
  /** Stores nothing when the key is taken. */
  readonly ifAbsent?: boolean;
  /** Needs a bucket with object lock. */
  readonly retention?: Retention;
  /** Needs a bucket with object lock. */
  readonly legalHold?: boolean;
  /**
   * Bytes of one part, at least 5 MiB; 8 MiB, or as much as 10,000 parts need, when not given. What
   * fits into one part is sent in one piece. Five parts are in memory at most.
   */
  readonly partSize?: number;
}

export type Stored =
  | { readonly outcome: 'stored'; readonly etag: string; readonly versionId?: string }
  /** Only with `ifAbsent`. */
  | { readonly outcome: 'exists' }
  | { readonly outcome: 'bucket-missing' };
