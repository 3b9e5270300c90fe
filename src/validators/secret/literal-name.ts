import { isPlaceholder } from './placeholder.ts';

const secretWord =
  /(?:^|_)(?:[A-Z0-9]*PASS(?:WORD|WD|PHRASE)|[A-Z]*SECRET|TOKEN|[A-Z]*API_?KEY|(?:PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER)_?KEY|CREDENTIALS?)(?:_|$)/;

/** Last words that make the name one of a place or a property, not of the secret itself. */
const harmlessWords = [
  // Where it is, or what it is called.
  'FILE|FILENAME|PATH|DIR|FOLDER|NAME|NAMESPACE|URL|URI|HOST|PORT|ADDR|ADDRESS|SERVER|DOMAIN|ENDPOINT',
  'LOCATION|SOURCE|MOUNT|VOLUME|STORE|STORAGE|BACKEND|PROVIDER|ID|REF|ALIAS|ARN|VERSION',
  // How long it lasts, and how long it is.
  'TTL|EXPIRY|EXPIRES|EXPIRES_IN|EXPIRATION|AGE|LIFETIME|LIFESPAN|VALIDITY|DURATION|INTERVAL|TIMEOUT',
  'SECONDS|MINUTES|HOURS|DAYS|LENGTH|SIZE|LIMIT|COUNT|MIN|MAX|BITS|ROUNDS|COST',
  // How it is made, asked for and handed over.
  'HEADER|COOKIE|FIELD|CLAIM|PARAM|PARAMETER|SCOPES?|REALM|ISSUER|AUDIENCE|TYPE|ALGORITHM|ENCODING|FORMAT',
  'PREFIX|SUFFIX|PATTERN|REGEX|POLICY|MODE|METHOD|STRATEGY|ENABLED|DISABLED|REQUIRED|ROTATION',
].join('|');
const harmlessEnding = new RegExp(`_(?:${harmlessWords})$`);

/** Variables and settings that hold the name of a Secret. */
const nameOfSecret =
  /(?:^|_)(?:TLS|SSL|CA|CERT|CERTIFICATE|PULL|EXISTING|PASSWORD|CREDENTIALS?)_SECRET$/;

/** Values that name where the secret is, or switch something. */
const harmlessValue =
  /^(?:true|false|yes|no|on|off|none|null|undefined|\d{1,3}|\$\(.*|\$\w+|\/.*|\.{1,2}\/.*|file:.*|env:.*|vault:.*|ref\+.*|op:\/\/.*|arn:aws:.*|projects\/.*\/secrets\/.*|https?:\/\/[^:@]*)$/i;

const filler =
  /^(?:change[-_]?(?:me|it)|x+|\*+|-+|\.+|todo|tbd|fixme|(?:my|your)[-_ ].*|<.*>|\[.*\])$/i;

/**
 * Whether a variable's name says that its value is a secret and the value looks like one given
 * literally, rather than a place to find it, a setting about it, or filler.
 */
export function isLiteralSecret(name: string, value: string): boolean {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/\W+/g, '_')
    .toUpperCase();
  if (!secretWord.test(words) || /PUBLIC_?KEY/.test(words)) return false;
  if (harmlessEnding.test(words) || nameOfSecret.test(words)) return false;
  const text = value.trim();
  // Several lines are a file; what shapes tell in it is found by them.
  return (
    text !== '' &&
    !text.includes('\n') &&
    !harmlessValue.test(text) &&
    !filler.test(text) &&
    !isPlaceholder(text)
  );
}
