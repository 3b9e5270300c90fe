import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { allowedSignersOf } from '../config/environment.ts';
import { Fault } from '../core/fault.ts';
import type { Signer } from '../core/ssh-signature.ts';
import type { CommandContext } from './base.ts';

export async function signerOf({ adapters, signal }: CommandContext): Promise<Signer> {
  return { processes: await adapters.processes(), signal };
}

/** @throws Fault `signers-missing` when neither flag nor configuration names a file */
export function trustFile({ config }: CommandContext, flag: string | undefined): string {
  const file = flag === undefined ? allowedSignersOf(config) : resolve(flag);
  if (file === undefined) {
    throw new Fault('signers-missing', 'no allowed-signers file is configured');
  }
  return file;
}

/** @throws Fault `usage-invalid` when neither flag nor git says who signs */
export async function identityOf(
  { adapters, config, signal }: CommandContext,
  flag: string | undefined,
): Promise<string> {
  const identity =
    flag ?? (await (await adapters.git()).configured('user.email', config.root, signal));
  if (identity === undefined) {
    throw new Fault('usage-invalid', 'who signs is not known; give --identity NAME');
  }
  return identity;
}

export function expandHome(path: string): string {
  return path.startsWith('~/') ? resolve(homedir(), path.slice(2)) : path;
}

/** Author of the commit that is checked out. */
export async function authorOf({
  config,
  adapters,
  signal,
}: CommandContext): Promise<string | undefined> {
  const commit = await (await adapters.git()).head(config.root, signal);
  return commit?.authorEmail;
}
