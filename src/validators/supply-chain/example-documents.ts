/** Stands in an example for the digest of its image, which nobody can know beforehand. */
export const imageDigest = 'sha256:IMAGE';
/** The same without its algorithm. */
export const imageHex = 'HEX-OF-IMAGE';

/** Examples stand in `meta` as the JSON that a person would write. */
export function documents(
  files: Readonly<Record<string, unknown>>,
  image?: Readonly<Record<string, unknown>>,
): string {
  return JSON.stringify({ ...(image && { image }), documents: files }, undefined, 2);
}
