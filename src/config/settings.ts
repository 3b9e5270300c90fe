import type { LoadedConfig, Origin } from './load.ts';

export interface Setting {
  /** Dotted path of a leaf. */
  readonly path: string;
  readonly value: unknown;
  readonly origin: Origin;
}

/** Every leaf of the configuration in force, in the order of the file. */
export function settings({ value, origins }: LoadedConfig): Setting[] {
  return leaves(value, []).map(({ path, value: leaf }) => {
    const name = path.join('.');
    return { path: name, value: leaf, origin: origins.get(name) ?? 'default' };
  });
}

function leaves(
  value: unknown,
  path: readonly (string | number)[],
): { path: readonly (string | number)[]; value: unknown }[] {
  if (value === null || typeof value !== 'object') return [{ path, value }];
  const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return entries.flatMap(([key, child]) => leaves(child, [...path, key]));
}
