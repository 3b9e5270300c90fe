import { createHash } from 'node:crypto';

/** The header that S3 asks for with bodies that change settings or remove (RFC 1864). */
export const bodyDigest = (body: Uint8Array): { readonly 'content-md5': string } => ({
  'content-md5': createHash('md5').update(body).digest('base64'),
});
