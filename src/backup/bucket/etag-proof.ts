/**
 * Whether the ETags of a store tell the MD5 of what is in its objects. Most do for objects that were sent
 * in one piece and are not encrypted with a key of a customer
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html).
 */
export interface EtagProof {
  /** Whether an ETag is worth the MD5 of what comes with it. */
  canTell(etag: string): boolean;
  /** What an object that was read has shown. */
  saw(isProven: boolean): void;
}

/** A store of which so many ETags are no MD5, and none is, has other ones. */
const enoughOthers = 4;

/** @param endpoint over TLS nothing can alter bytes unseen on their way */
export function etagProof(endpoint: string): EtagProof {
  const isOpenToAll = new URL(endpoint).protocol === 'http:';
  let proven = 0;
  let others = 0;
  return {
    canTell: (etag) =>
      isOpenToAll && /^[0-9a-f]{32}$/.test(etag) && (proven > 0 || others < enoughOthers),
    saw(isProven) {
      if (isProven) proven += 1;
      else others += 1;
    },
  };
}
