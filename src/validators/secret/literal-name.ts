import { isPlaceholder } from './shapes.ts';

const secretWord =
  /(?:^|_)(?:[A-Z0-9]*PASS(?:WORD|WD|PHRASE)|[A-Z]*SECRET|TOKEN|[A-Z]*API_?KEY|(?:PRIVATE|ACCESS|SECRET|SIGNING|ENCRYPTION|MASTER)_?KEY|CREDENTIALS?)(?:_|$)/;

/** Last words that make the name one of a place or a property, not of the secret itself. */
const harmlessEnding =
  /_(?:FILE|PATH|DIR|NAME|URL|URI|HOST|PORT|ENDPOINT|ID|REF|ALIAS|ARN|VERSION|TTL|EXPIRY|EXPIRATION|AGE|LIFETIME|TIMEOUT|SECONDS|MINUTES|HOURS|DAYS|LENGTH|SIZE|LIMIT|COUNT|HEADER|ISSUER|AUDIENCE|TYPE|ALGORITHM|FORMAT|PREFIX|POLICY|ENABLED|DISABLED|REQUIRED|ROTATION)$/;

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
  if (!secretWord.test(words) || harmlessEnding.test(words) || /PUBLIC_?KEY/.test(words))
    return false;
  const text = value.trim();
  return text !== '' && !harmlessValue.test(text) && !filler.test(text) && !isPlaceholder(text);
}
