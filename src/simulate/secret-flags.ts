import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { Fault, messageOf } from '../core/fault.ts';
import type { SecretSource } from './request.ts';

const form =
  'NAME=env-file:PATH, NAME=from-file:PATH, NAME=generate, NAME=copy or NAME=copy:KEY,KEY';

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
    const match =
      /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?)=(?:(generate|copy(?::[-._a-zA-Z0-9,]+)?)|(env-file|from-file):(.+))$/s.exec(
        flag,
      );
    // The text may be a value that was given by mistake.
    if (!match) throw new Fault('usage-invalid', `--secret: expected ${form}`);
    const [, name = '', , whole, kind, path = ''] = match;
    const known = secrets.get(name);
    if (known !== undefined && (whole !== undefined || known.from !== 'values')) {
      throw new Fault(
        'usage-invalid',
        `--secret ${name}: a copy or generated values cannot be put together with others`,
      );
    }
    if (whole !== undefined) {
      secrets.set(name, wholeSource(whole));
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

function wholeSource(text: string): SecretSource {
  if (text === 'generate') return { from: 'generated' };
  const keys = text.slice('copy:'.length).split(',').filter(Boolean);
  return keys.length > 0 ? { from: 'copy', keys } : { from: 'copy' };
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
