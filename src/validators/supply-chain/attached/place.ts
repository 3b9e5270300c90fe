import type { Descriptor } from '../../image/layout.ts';

/** A manifest that stands for an image, or for something said of it, and how it was found. */
export interface Referring {
  readonly digest: string;
  /** Of the image, or of an index above it. */
  readonly subject: string;
  /**
   * `subject`: its own field has to say so again. `annotation`: an index says so. `tag`: its name is made of
   * the digest. What it holds may still be about another image, and is asked.
   */
  readonly by: 'subject' | 'annotation' | 'tag';
}

/** What an image and the indexes above it are known by. */
export interface Subjects {
  readonly image: string;
  readonly indexes: readonly string[];
}

/**
 * Takes what a look gives, or notes why there was nothing to be seen: a single thing that cannot be read
 * must not hide the others.
 */
export type Attempt = <T>(what: string, look: () => Promise<T>) => Promise<T | undefined>;

/** What holds an image together with what is said of it: a repository of a registry, or a layout. */
export interface Place {
  /** Without an order; what cannot be looked up is noted by `attempt`. */
  referring(subjects: Subjects, attempt: Attempt): Promise<readonly Referring[]>;
  /** Verified. @throws Fault saying what is wrong with it. */
  manifest(digest: string): Promise<Uint8Array>;
  /** Verified. @throws Fault saying what is wrong with it. */
  blob(descriptor: Descriptor): Promise<Buffer>;
}

/** What tags of cosign end in: https://github.com/sigstore/cosign/blob/main/specs/SIGNATURE_SPEC.md#tag-based-discovery */
export const cosignSuffixes = ['sig', 'att', 'sbom'] as const;

/** The tag that stands for referrers of a digest, and those of cosign with a suffix. */
export function tagOf(subject: string, suffix?: (typeof cosignSuffixes)[number]): string {
  return [subject.replace(':', '-'), ...(suffix === undefined ? [] : [suffix])].join('.');
}

/** Entries of an index by which BuildKit says what is about which of its images. */
export function isAttestationOf({ annotations }: Pick<Descriptor, 'annotations'>, image: string) {
  return (
    annotations['vnd.docker.reference.type'] === 'attestation-manifest' &&
    annotations['vnd.docker.reference.digest'] === image
  );
}

/** What an image of a registry begins its source with. */
export const registryScheme = 'registry:';

export function isOfRegistry({ source }: { readonly source: string }): boolean {
  return source.startsWith(registryScheme);
}
