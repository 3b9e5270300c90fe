import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import type { BehaviourConfig } from '../config/behaviour.ts';
import { parseDuration } from '../config/duration.ts';
import { Fault, messageOf } from '../core/fault.ts';
import { altered } from '../simulate/behaviour/authentication.ts';
import type { Behaviour } from '../simulate/behaviour/declared.ts';
import type { HealthTarget } from '../simulate/request.ts';
import type { CommandContext } from './base.ts';

interface Reading {
  /** Folder that `file:` references start from. */
  readonly root: string;
  /** Told every token, and what is made of it. */
  readonly register: (secret: string) => void;
}

/**
 * What is asked of the services of deploycheck.yaml, with the tokens it takes.
 * @throws Fault `setting-missing`
 */
export async function withBehaviour(
  { config: { value, root }, redact }: Pick<CommandContext, 'config' | 'redact'>,
  targets: readonly HealthTarget[],
): Promise<HealthTarget[]> {
  const reading = { root, register: (secret: string) => redact.register(secret) };
  return Promise.all(
    targets.map(async (target) => {
      const declared = value.services?.find(({ name }) => name === target.service)?.behaviour;
      return declared ? { ...target, behaviour: await behaviourOf(declared, reading) } : target;
    }),
  );
}

async function behaviourOf(
  { headers, cors, authentication, rateLimit, ...declared }: BehaviourConfig,
  reading: Reading,
): Promise<Behaviour> {
  const token = (reference: string | undefined) => tokenOf(reference, reading);
  return {
    ...{ headers, cors },
    authentication: await Promise.all(
      (authentication ?? []).map(async (entry) => ({
        ...entry,
        token: await token(entry.token),
        expired: await token(entry.expired),
        wrongRole: await token(entry.wrongRole),
      })),
    ),
    rateLimit: rateLimit?.map(({ within, ...entry }) => {
      return { ...entry, withinMs: parseDuration(within) ?? 0 };
    }),
    idempotency: await withTokens(declared.idempotency, token),
    injection: await withTokens(declared.injection, token),
    scenarios: await withTokens(declared.scenarios, token),
  };
}

async function withTokens<T extends { readonly token?: string | undefined }>(
  entries: readonly T[] | undefined,
  token: (reference: string | undefined) => Promise<string | undefined>,
): Promise<T[]> {
  return Promise.all(
    (entries ?? []).map(async (entry) => ({ ...entry, token: await token(entry.token) })),
  );
}

/** @param reference `env:NAME` or `file:PATH` */
async function tokenOf(
  reference: string | undefined,
  { root, register }: Reading,
): Promise<string | undefined> {
  if (reference === undefined) return undefined;
  const at = reference.indexOf(':') + 1;
  const name = reference.slice(at);
  const value = reference.startsWith('env:')
    ? process.env[name]
    : await textOf(resolve(root, name));
  if (!value) throw new Fault('setting-missing', `a token of services: ${reference} is not set`);
  // An altered token is a token but for its end, and a service may log what it refused.
  for (const secret of [value, altered(value)]) register(secret);
  return value;
}

async function textOf(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    const why = `a token of services: ${path} cannot be read: ${messageOf(error)}`;
    throw new Fault('setting-missing', why, { cause: error });
  }
}
