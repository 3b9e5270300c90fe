import { createHash, createHmac, randomBytes } from 'node:crypto';
import { link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Transform } from 'node:stream';
import { Fault, systemCode, writeFault } from '../../core/fault.ts';
import { repositoryFolders } from '../repository/repository.ts';
import { encrypting } from './payload.ts';
import { type Recipient, readRecipient } from './x25519.ts';

/** To whom a repository is encrypted, as configuration and flags say it. */
export interface Encryption {
  /** `age1…` */
  readonly recipients: readonly string[];
  /** What names of objects are made with; undefined where a file of this machine has it. */
  readonly nameKey: string | undefined;
}

/** What a writer of an encrypted set needs. It can read nothing of what it wrote. */
export interface Sealing {
  readonly recipients: readonly string[];
  /** Encrypts what passes. */
  encrypt(): Transform;
  /** Folder of an object: says nothing about its content to whoever has not the key of the names. */
  folderOf(plainSha256: string): string;
}

/** Shorter ones can be tried out. */
const leastKeyLetters = 32;

/**
 * @param home folder of runs, where a key for names is kept when none is configured
 * @throws Fault `config-invalid`, `run-folder-unwritable`
 */
export async function sealingOf(
  { recipients: texts, nameKey }: Encryption,
  home: string,
): Promise<Sealing> {
  const recipients = recipientsOf(texts);
  if (nameKey !== undefined && nameKey.length < leastKeyLetters) {
    throw new Fault(
      'config-invalid',
      `repository.encryption.nameKey: what it names has ${nameKey.length} letters, and has to have ${leastKeyLetters}: \`openssl rand -hex 32\` makes one`,
    );
  }
  const key = createHash('sha256')
    .update(nameKey ?? (await ownKey(home)))
    .digest();
  // An object that was encrypted to others must not stand for one that is to be read by these.
  const readers = recipients
    .map(({ text }) => text)
    .sort()
    .join('\n');
  return {
    recipients: recipients.map(({ text }) => text),
    encrypt: () => encrypting(recipients),
    folderOf(plainSha256) {
      const about = `deploycheck object v1\n${readers}\n${plainSha256}`;
      const name = createHmac('sha256', key).update(about).digest('hex');
      return `${repositoryFolders.objects}${name.slice(0, 2)}/${name}/`;
    },
  };
}

/** @throws Fault `config-invalid` */
function recipientsOf(texts: readonly string[]): Recipient[] {
  return [...new Set(texts)].map((text) => {
    const recipient = readRecipient(text);
    if (recipient) return recipient;
    // A private key in its stead must not be shown.
    const shown = /^age-secret/i.test(text) ? 'a private key' : `'${text}'`;
    throw new Fault(
      'config-invalid',
      `repository.encryption.recipients: ${shown} is no X25519 recipient of age (age1…, 62 letters); age-keygen prints it as "Public key"`,
    );
  });
}

/** Losing it costs one upload of everything; whoever has it can tell whether a guessed object is there. */
async function ownKey(home: string): Promise<string> {
  const path = join(home, 'object-names.key');
  const kept = await readFile(path, 'utf8').catch((error: unknown) => {
    if (systemCode(error) !== 'ENOENT') throw writeFault('run-folder-unwritable', path, error);
    return undefined;
  });
  if (kept !== undefined) return kept.trim();
  const aside = `${path}.${randomBytes(6).toString('hex')}`;
  try {
    await mkdir(home, { recursive: true });
    await writeFile(aside, `${randomBytes(32).toString('hex')}\n`, { flag: 'wx', mode: 0o600 });
    await link(aside, path).catch((error: unknown) => {
      if (systemCode(error) !== 'EEXIST') throw error;
    });
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw writeFault('run-folder-unwritable', path, error);
  } finally {
    await rm(aside, { force: true });
  }
}
