import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessRunner } from '../adapters/process/process.ts';
import { Fault, messageOf, systemCode } from './fault.ts';
import { readSmall } from './read-small.ts';

/**
 * SSH signatures (SSHSIG, OpenSSH PROTOCOL.sshsig) made and checked by `ssh-keygen -Y`, so that keys
 * held by an agent or a token work, and anybody can check them without deploycheck.
 */
export const namespaces = {
  signoff: 'signoff@deploycheck',
  waiver: 'waiver@deploycheck',
  backup: 'backup@deploycheck',
} as const;

export type Namespace = (typeof namespaces)[keyof typeof namespaces];

export interface Signer {
  readonly processes: ProcessRunner;
  readonly signal: AbortSignal;
}

/**
 * The armoured signature over the exact bytes of `message`.
 * @param key a private key file, or a `.pub` whose private half the running agent holds
 * @throws Fault `key-unusable`, `tool-missing`
 */
export async function signMessage(
  { processes, signal }: Signer,
  { message, key, namespace }: { message: string; key: string; namespace: Namespace },
): Promise<string> {
  return withFile(message, async (file) => {
    const args = ['-Y', 'sign', '-f', key, '-n', namespace, file];
    const result = await processes.run('ssh-keygen', args, { signal, asksPerson: true });
    if (result.exitCode !== 0) {
      throw new Fault('key-unusable', `${key}: ${lastLine(result.stderr)}`);
    }
    return readFile(`${file}.sig`, 'utf8');
  });
}

/** ssh-keygen takes files: `text` in one that is gone afterwards, with all that came beside it. */
async function withFile<T>(text: string, work: (file: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-ssh-'));
  try {
    const file = join(folder, 'text');
    await writeFile(file, text, { mode: 0o600 });
    return await work(file);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

export interface SignatureQuestion {
  readonly message: string;
  readonly signature: string;
  readonly identity: string;
  readonly namespace: Namespace;
  /** Path of an allowed_signers file (ssh-keygen(1), ALLOWED SIGNERS). */
  readonly allowedSigners: string;
}

export type SignatureCheck =
  | { readonly ok: true /** `SHA256:…` of the public key */; readonly key: string }
  | { readonly ok: false; readonly expired: boolean; readonly reason: string };

/**
 * Checks a signature against the allowed signers, at the present time: the time inside the signed
 * text is the signer's claim and is never used.
 */
export async function checkSignature(
  { processes, signal }: Signer,
  check: SignatureQuestion,
): Promise<SignatureCheck> {
  const { allowedSigners, identity, namespace, message, signature } = check;
  return withFile(signature, async (file) => {
    const as = ['-f', allowedSigners, '-I', identity, '-n', namespace, '-s', file];
    const result = await processes.run('ssh-keygen', ['-Y', 'verify', ...as], {
      signal,
      input: message,
    });
    const key = /with \S+ key (SHA256:\S+)/.exec(result.stdout)?.[1];
    if (result.exitCode === 0 && key !== undefined) return { ok: true, key };
    const said = `${result.stderr}\n${result.stdout}`;
    return { ok: false, expired: /expired|not yet valid/i.test(said), reason: plainReason(said) };
  });
}

/**
 * Checks that the key may sign for a person and in a role: one allowed-signers line grants both, as
 * `alice@example.com,role:release ssh-ed25519 …`. A bad result names the principal that failed.
 */
export async function checkGrant(
  signer: Signer,
  { role, ...check }: SignatureQuestion & { readonly role: string },
): Promise<SignatureCheck> {
  // A role, or a pattern of the allowed-signers file, is nobody's name.
  if (/^role:|[*?!,\s]/.test(check.identity)) {
    return { ok: false, expired: false, reason: `'${check.identity}' is not the name of a person` };
  }
  const asPerson = await checkSignature(signer, check);
  if (!asPerson.ok) return { ...asPerson, reason: `as ${check.identity}: ${asPerson.reason}` };
  const inRole = await checkSignature(signer, { ...check, identity: `role:${role}` });
  return inRole.ok ? inRole : { ...inRole, reason: `in role ${role}: ${inRole.reason}` };
}

/** Every principal that the allowed signers give to the key of a signature. */
export async function principalsOf(
  { processes, signal }: Signer,
  { signature, allowedSigners }: Pick<SignatureQuestion, 'signature' | 'allowedSigners'>,
): Promise<string[]> {
  return withFile(signature, async (file) => {
    const args = ['-Y', 'find-principals', '-f', allowedSigners, '-s', file];
    const { stdout } = await processes.run('ssh-keygen', args, { signal });
    return stdout.split(/[\n,]/).filter((principal) => principal !== '');
  });
}

/**
 * Signs, and proves at once that the allowed signers let this key do so.
 * @param act completes the sentence "does not let this key …"
 * @throws Fault `key-unusable`, `signature-failed`
 */
export async function signAsGranted(
  signer: Signer,
  request: Omit<SignatureQuestion, 'signature'> & { readonly role: string; readonly key: string },
  act: 'sign' | 'waive',
): Promise<string> {
  const signature = await signMessage(signer, request);
  const check = await checkGrant(signer, { ...request, signature });
  if (check.ok) return signature;
  throw new Fault(
    'signature-failed',
    `${request.allowedSigners} does not let this key ${act} ${check.reason}`,
  );
}

/** What ssh-keygen (OpenSSH 9) prints, in the words of the person who has to act on it. */
function plainReason(said: string): string {
  const found = plainReasons.find(([pattern]) => pattern.test(said));
  return found ? found[1] : lastLine(said);
}

/** Most telling first: the last sentence is printed for every failure. */
const plainReasons: readonly (readonly [RegExp, string])[] = [
  [/key has expired|not yet valid/i, 'the key is outside its validity period'],
  [/namespace does not match/i, 'the signature was made for another purpose (namespace)'],
  [/not permitted for use in signature namespace/i, 'the key may not sign for this purpose'],
  [/incorrect signature/i, 'the signed text or the signature was changed'],
  [/couldn't parse signature|sshsig_armor/i, 'the signature file is not an SSH signature'],
  [/could not verify/i, 'the key is not allowed for this signer'],
];

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** @throws Fault `signers-missing` when the file is not there */
export async function readAllowedSigners(file: string): Promise<string> {
  try {
    return (await readSmall(file)).toString('utf8');
  } catch (error) {
    throw new Fault('signers-missing', `${file}: ${systemCode(error) ?? messageOf(error)}`, {
      cause: error,
    });
  }
}
