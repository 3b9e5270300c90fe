/** Replaces secrets in text that leaves the process: messages, logs, reports, evidence. */
export interface Redactor {
  (text: string): string;
  /** Registers a value met at run time (a password read from the environment). */
  register(secret: string): void;
  /** Adds what replaces secrets that only who knows their forms can tell. */
  learn(replace: (text: string) => string): void;
}

/** Shown in place of a secret. */
export const redactionMark = '[redacted]';

/** Shorter values are too common in ordinary text to be replaced everywhere. */
const shortestSecret = 6;

const alwaysSecret: readonly RegExp[] = [
  // userinfo of a URL: scheme://user:password@host (RFC 3986 section 3.2.1)
  /(?<=\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s/:@]{0,128}:)[^\s/@]{1,512}(?=@)/gi,
  // credentials of HTTP Authorization (RFC 9110 section 11.6.2)
  /(?<=\bauthorization["']?\s{0,3}[:=]\s{0,3}["']?(?:bearer|basic)\s{1,3})[\w.~+/=-]{6,4096}/gi,
  // libpq and JDBC style keywords
  /(?<=\b(?:password|passwd|pgpassword|secret_?key|access_?key_?secret)["']?\s{0,3}[:=]\s{0,3}["']?)[^\s"',;}]{3,512}/gi,
  // RFC 7468 private key text
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]{1,20000}?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|$)/g,
];

export function createRedactor(): Redactor {
  const learned: ((text: string) => string)[] = [];
  const values = new Set<string>();
  const redact = (text: string): string => {
    let result = text;
    for (const value of values) result = result.replaceAll(value, redactionMark);
    for (const pattern of alwaysSecret) result = result.replace(pattern, redactionMark);
    for (const replace of learned) result = replace(result);
    return result;
  };
  return Object.assign(redact, {
    register(secret: string) {
      if (secret.length >= shortestSecret) values.add(secret);
    },
    learn(replace: (text: string) => string) {
      learned.push(replace);
    },
  });
}

/** Applies a redactor to every string of a JSON value; keys stay as they are. */
export function redactDeep<T>(value: T, redact: Redactor): T;
export function redactDeep(value: unknown, redact: Redactor): unknown {
  if (typeof value === 'string') return redact(value);
  if (Array.isArray(value)) return value.map((entry: unknown) => redactDeep(entry, redact));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, redactDeep(entry, redact)]),
    );
  }
  return value;
}
