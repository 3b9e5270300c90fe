import type { Readable } from 'node:stream';
import type { Digest } from '../../core/digest.ts';
import type { Platform } from '../../core/platform.ts';
import type { ImageReference } from '../../core/reference.ts';

/** A repository of a registry; every {@link ImageReference} names one. */
export type Repository = Pick<ImageReference, 'registry' | 'repository'>;

/** https://github.com/opencontainers/image-spec/blob/main/descriptor.md */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: Digest;
  /** Bytes. */
  readonly size: number;
  readonly platform?: Platform;
  readonly artifactType?: string;
  readonly annotations: Readonly<Record<string, string>>;
}

/** A manifest or an index; its bytes have the digest. */
export interface Manifest extends Descriptor {
  readonly bytes: Uint8Array;
  /** Whether it lists manifests instead of being one. */
  readonly isIndex: boolean;
}

/**
 * Images where clusters pull them from: https://github.com/opencontainers/distribution-spec.
 * What the registry does not have is undefined. Plain HTTP is spoken with loopback addresses and the
 * hosts listed as insecure only.
 *
 * Every method rejects with the signal's reason, and otherwise
 * @throws Fault `registry-unreachable`, `registry-denied`, `registry-failed`
 */
export interface Registry {
  /**
   * What a reference stands for now: by its digest where it has one, else by its tag, else by
   * `latest`. The digest is the registry's word; {@link manifest} verifies it.
   */
  resolve(reference: ImageReference, signal: AbortSignal): Promise<Descriptor | undefined>;
  manifest(reference: ImageReference, signal: AbortSignal): Promise<Manifest | undefined>;
  /**
   * The image of an index for a platform: the highest variant that does not ask for more than the
   * platform has. A manifest that is no index stands for itself.
   */
  platform(manifest: Manifest, wanted: Platform): Descriptor | undefined;
  /** The image configuration of a manifest that is no index. */
  config(
    repository: Repository,
    manifest: Manifest,
    signal: AbortSignal,
  ): Promise<Uint8Array | undefined>;
  /**
   * The stream fails with `registry-failed` when the bytes do not have the digest, or are more or fewer
   * than `size`; so nothing of it counts before its end. Destroying it ends the request.
   */
  blob(
    repository: Repository,
    blob: { readonly digest: Digest; readonly size?: number },
    signal: AbortSignal,
  ): Promise<Readable | undefined>;
  /** In the registry's order. */
  tags(repository: Repository, signal: AbortSignal): Promise<readonly string[] | undefined>;
  /** What names the manifest as its subject: signatures, attestations, bills of materials. */
  referrers(
    repository: Repository,
    subject: Digest,
    options: { readonly artifactType?: string },
    signal: AbortSignal,
  ): Promise<readonly Descriptor[]>;
}

export interface RegistryOptions {
  /** `HOST` or `HOST:PORT` of those that may be spoken to without TLS. */
  readonly insecure?: readonly string[];
}
