/**
 * Values that stand in published software or documents on purpose, so that finding one again says
 * nothing: the first 12 hex digits of their SHA-256, as in `Hit.valueHash`.
 */
export const knownPublic: ReadonlySet<string> = new Set([
  // The keys libgnutls tests itself with at start-up (lib/crypto-selftests-pk.c); it is part of
  // every Debian and Ubuntu base image.
  'bf552d2ff30b',
  'cadf1e62661d',
  '6d03bbf47115',
  '24a2416c5abb',
  '9ab6db67523b',
  'f287c70b1db0',
  // The sample token of PyJWT's README, which its package metadata repeats.
  'bf145d9380bb',
]);
