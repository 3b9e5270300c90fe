/** Words of a name that say what it holds; `client_secret` and `clientSecret` are two of them. */
const secrets: ReadonlySet<string> = new Set([
  ...['apikey', 'auth', 'credential', 'credentials', 'key', 'passphrase', 'passwd', 'password'],
  ...['pword', 'secret', 'token', 'clientsecret', 'privatekey', 'accesskey', 'secretkey'],
]);

/** Words after which a name is about a secret, and is none. */
const about: ReadonlySet<string> = new Set([
  ...['file', 'path', 'dir', 'url', 'uri', 'endpoint', 'host', 'name', 'alias', 'id', 'version'],
  ...['ttl', 'expiry', 'expiration', 'timeout', 'length', 'size', 'type', 'algorithm', 'header'],
  ...['enabled', 'disabled', 'required', 'mode', 'method', 'prefix', 'server', 'sock', 'socket'],
]);

/** Keys that are there for everybody to see. */
const open: ReadonlySet<string> = new Set([
  'public',
  'pub',
  'gpg',
  'pgp',
  'signing',
  'fingerprint',
]);

/** Whether a variable of that name holds a secret; names of files, addresses and public keys do not. */
export function namesSecret(name: string): boolean {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .split(/[_.-]+/)
    .filter((word) => word !== '');
  if (about.has(words.at(-1) ?? '') || words.some((word) => open.has(word))) return false;
  return words.some((word) => secrets.has(word));
}
