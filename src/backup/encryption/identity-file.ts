import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import { readSmall } from '../../core/read-small.ts';
import { type Identity, readIdentity } from './x25519.ts';

/** The private keys of whoever reads. */
export interface Identities {
  /** Path of the file they are from. */
  readonly file: string;
  readonly keys: readonly Identity[];
}

/** What people give in its stead, by how it begins. */
const mistaken: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:age-encryption\.org\/|-----BEGIN AGE ENCRYPTED FILE)/,
    'it is encrypted itself; decrypt it with `age --decrypt` to a file that only you can read, and remove that afterwards',
  ],
  [/^-----BEGIN /, 'it is a key of another program; age-keygen makes identities'],
  [/^ssh-/, 'it is a public SSH key'],
  [/^age1/, 'it holds a public key (a recipient); the identity is its private half'],
  [/^AGE-PLUGIN-/, 'identities of plugins are not supported'],
  [/^AGE-SECRET-KEY-PQ-/, 'post-quantum identities are not supported'],
];

/**
 * Reads an identity file of age: one `AGE-SECRET-KEY-1…` a line, `#` for comments.
 * @throws Fault `identity-unusable`, which never quotes the file
 */
export async function readIdentities(file: string): Promise<Identities> {
  const unusable = (why: string, cause?: unknown) =>
    new Fault('identity-unusable', `${file}: ${why}`, { cause });
  const bytes = await readSmall(file, 1024 * 1024).catch((error: unknown) => {
    throw unusable(systemCode(error) === 'ENOENT' ? 'no such file' : messageOf(error), error);
  });
  const lines = bytes
    .toString('utf8')
    .split(/\r?\n/)
    .map((line) => line.trim());
  const keys: Identity[] = [];
  for (const [at, line] of lines.entries()) {
    if (line === '' || line.startsWith('#')) continue;
    const key = readIdentity(line);
    if (!key) {
      const known = mistaken.find(([pattern]) => pattern.test(line))?.[1];
      throw unusable(known ?? `line ${at + 1} is no identity of age (AGE-SECRET-KEY-1…)`);
    }
    keys.push(key);
  }
  if (keys.length === 0) throw unusable('it holds no identity');
  return { file, keys };
}

/** The set is encrypted, and nothing here opens it. */
export function notOpened(identities: Identities | undefined): Fault {
  if (!identities) {
    return new Fault(
      'identity-missing',
      'the set is encrypted, and no identity is named that opens it',
    );
  }
  const names = identities.keys.map(({ recipient }) => recipient.text).join(', ');
  return new Fault(
    'identity-wrong',
    `${identities.file} holds the key of ${names}, which does not open it`,
  );
}
