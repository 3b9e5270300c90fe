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
  '30db3ea6d728',
  '518a21fe5a8a',
  'c780c483da21',
  '0abce0c5fd3b',
  // The sample token of PyJWT's README, which its package metadata repeats.
  'bf145d9380bb',
  // Google API keys of published samples of Firebase and Maps, which gitleaks lists as no findings.
  'f56e323494a6',
  '2037abcaffb2',
  '3f370c9dd822',
  'e4a5542bb7fd',
  'a19f89ab3555',
  '0b476bdf9acf',
  'eb540d2b6ee2',
  '37f8f09bdf12',
  '8731261cb72d',
  '49f777db995e',
  '27a9a42931df',
  'dc0fcf046c61',
  '4c98242dcadc',
  'ea9bb1082cf9',
  '3a8b61d0f636',
  'a6c814bc555a',
  // The passwords in Microsoft's documentation of NuGet sources.
  'dba72c00f41f',
  'a0702bc91d69',
  // The password in the example of MDN's page on URL.password, which tests of libraries repeat.
  '91b1e50021af',
  // A public search key, which gitleaks has among its stop words.
  '2f21fd9c8167',
  // Keys of the tests and examples of Go's crypto/tls and crypto/x509.
  'd63cfe7d0783',
  'defcda422e02',
  // Keys of Python's test/certdata.
  'ebf0b1587c9c',
  'c21f5fc525cd',
  'fd681435cd09',
  'da4b473953b1',
  'a4b13c7bba72',
  'd0015ffd2d53',
  '11459d6d79b1',
  '687f2d694502',
  '564cb12fd441',
  'a392d7877461',
  '574cd7f5fa07',
  '9ace1d453f10',
]);
