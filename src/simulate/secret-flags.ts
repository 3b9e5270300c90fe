import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault, messageOf } from '../core/fault.ts';
import type { SecretSource } from './request.ts';

const form = 'NAME=copy, NAME=env-file:PATH or NAME=from-file:PATH';

/**
 * What `--secret` gives; several of one name are put together.
 * @param register told every value, so that it can be kept out of all that is printed
 * @throws Fault `usage-invalid`, `input-missing`
 */
export async function secretsOf(
  flags: readonly string[],
  register: (value: string) => void,
): Promise<Map<string, SecretSource>> {
  const secrets = new Map<string, SecretSource>();
  for (const flag of flags) {
    const match = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)=(?:(copy)|(env-file|from-file):(.+))$/s.exec(
      flag,
    );
    // The text may be a value that was given by mistake.
    if (!match) throw new Fault('usage-invalid', `--secret: expected ${form}`);
    const [, name = '', , copy, kind, path = ''] = match;
    const known = secrets.get(name);
    if (copy !== undefined ? known !== undefined : known?.from === 'copy') {
      throw new Fault(
        'usage-invalid',
        `--secret ${name}: a copy cannot be put together with values`,
      );
    }
    if (copy !== undefined) {
      secrets.set(name, { from: 'copy' });
      continue;
    }
    const text = await textOf(path);
    const values = kind === 'env-file' ? parseEnv(text, path) : { [basename(path)]: text };
    for (const value of Object.values(values)) register(value);
    const before = known?.from === 'values' ? known.values : {};
    secrets.set(name, { from: 'values', values: { ...before, ...values } });
  }
  return secrets;
}

async function textOf(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new Fault('input-missing', `--secret: ${path} cannot be read: ${messageOf(error)}`);
  }
}

/** `KEY=value` a line, as `kubectl create secret --from-env-file` reads it: nothing is unquoted. */
export function parseEnv(text: string, path: string): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    const match = /^\s*([-._a-zA-Z0-9]+)=(.*)$/.exec(line);
    if (!match) throw new Fault('usage-invalid', `${path}:${at + 1}: expected KEY=value`);
    values[match[1] ?? ''] = match[2] ?? '';
  }
  return values;
}
