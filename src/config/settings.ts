import { redactionMark } from '../core/redact.ts';
import { leaves } from './leaves.ts';
import type { LoadedConfig, Origin } from './load.ts';

export interface Setting {
  /** Dotted path of a leaf. */
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every leaf of the configuration in force, in the order of the file. */
export function settings({ value, origins }: LoadedConfig): Setting[] {
  return leaves(value).map(({ path, value: leaf }) => {
    const name = path.join('.');
    const shown = isSecretName(String(path.at(-1) ?? '')) ? redactionMark : leaf;
    return { path: name, value: shown, origin: origins.get(name) ?? 'default' };
  });
}

/** A value that stands under such a name is never shown, whatever it looks like. */
function isSecretName(name: string): boolean {
  return /password|passwd|secret|token|api[-_]?key|private[-_]?key|credential/i.test(name);
}
