import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import {
  checkSignature,
  namespaces,
  readAllowedSigners,
  type Signer,
  signMessage,
} from '../../core/ssh-signature.ts';
import { type Repository, readWhole } from '../repository/repository.ts';
import type { RepositoryRef } from '../sources.ts';
import type { BackupSystems } from '../systems.ts';
import { setFiles, setKey } from './set-id.ts';
import { type Distrusted, namedSet, type OpenedSet } from './sets.ts';

/** Whose signature a set has to have. */
export interface Signing {
  /** What signs new sets: a private key file, or the public half of a key of the agent. */
  readonly key: string | undefined;
  /** Path of an allowed_signers file, whose principal {@link principal} may sign. */
  readonly allowedSigners: string;
}

type Systems = Pick<BackupSystems, 'adapters' | 'signal'>;

/** Principal of those who may sign sets, as people have `role:release`. */
const principal = 'role:backup';

const signerOf = async ({ adapters, signal }: Systems): Promise<Signer> => ({
  processes: await adapters.processes(),
  signal,
});

/** Signs a manifest, as armoured text. */
export type Sign = (manifest: string) => Promise<string>;

/**
 * How manifests are signed. It is tried out at once, for a backup may take hours before it is asked for.
 * @throws Fault `usage-invalid`, `signers-missing`, `key-unusable`, `signature-failed`, `tool-missing`
 */
export async function signWith({ key, allowedSigners }: Signing, systems: Systems): Promise<Sign> {
  if (key === undefined) {
    throw new Fault(
      'usage-invalid',
      'sets of this repository are signed, and no key is named: set repository.signing.key, or give --sign-key',
    );
  }
  await readAllowedSigners(allowedSigners);
  const signer = await signerOf(systems);
  const sign: Sign = async (message) => {
    const signature = await signMessage(signer, { message, key, namespace: namespaces.backup });
    const check = await checkSignature(signer, questionOf(message, signature, allowedSigners));
    if (check.ok) return signature;
    throw new Fault(
      'signature-failed',
      `${allowedSigners} does not let this key sign as ${principal}: ${check.reason}`,
    );
  };
  await sign('whether this key may sign sets');
  return sign;
}

const questionOf = (message: string, signature: string, allowedSigners: string) => ({
  ...{ message, signature, allowedSigners },
  identity: principal,
  namespace: namespaces.backup,
});

/**
 * Why a set does not count for those who want it signed; undefined when its signature is good.
 * @throws Fault `signers-missing`, `tool-missing`, `repository-*`
 */
export async function distrusted(
  opened: OpenedSet,
  repository: Repository,
  { allowedSigners }: Signing,
  systems: Systems,
): Promise<string | undefined> {
  const { signal } = systems;
  await readAllowedSigners(allowedSigners);
  const file = (name: string) => readWhole(repository, setKey(opened.set, name), signal);
  const [manifest, signature] = [await file(setFiles.manifest), await file(setFiles.signature)];
  if (!signature) return 'its manifest is not signed';
  // What was opened has to be what is checked.
  if (!manifest || (opened.manifest && sha256(manifest) !== opened.digest)) {
    return 'its manifest was changed while it was looked at';
  }
  const question = questionOf(
    manifest.toString('utf8'),
    signature.toString('utf8'),
    allowedSigners,
  );
  const check = await checkSignature(await signerOf(systems), question);
  return check.ok ? undefined : `the signature of its manifest does not count: ${check.reason}`;
}

/** What asks for the signatures of sets; undefined where they need none. */
export function distrustOf(
  repository: Repository,
  { signing }: Pick<RepositoryRef, 'signing'>,
  systems: Systems,
): Distrusted | undefined {
  return signing && ((set) => distrusted(set, repository, signing, systems));
}

/**
 * The set that is meant, whose signature is good where sets have to be signed.
 * @param name id of a set, or `last`
 * @throws Fault `set-missing`, `signature-failed`
 */
export async function trustedSet(
  {
    repository,
    signing,
  }: { readonly repository: Repository; readonly signing: Signing | undefined },
  name: string,
  systems: Systems,
): Promise<OpenedSet> {
  const opened = await namedSet(repository, name, systems.signal);
  const why = signing && (await distrusted(opened, repository, signing, systems));
  if (why === undefined) return opened;
  throw new Fault('signature-failed', `${repository.place}: ${opened.set}: ${why}`);
}
