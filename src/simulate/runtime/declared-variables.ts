import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt, partAt, recordAt, stringAt } from '../../validators/manifest/read.ts';

/**
 * The variables that a container has to have, by name; null where the value is not known beforehand:
 * from fields of the pod, from Secrets, or put together from other variables.
 * @param inside the objects of the sandbox, for the keys of ConfigMaps and Secrets
 */
export function declaredVariables(
  container: unknown,
  inside: readonly KubeObject[],
): ReadonlyMap<string, string | null> {
  const declared = new Map<string, string | null>();
  for (const entry of listAt(container, 'envFrom')) {
    const prefix = stringAt(entry, 'prefix') ?? '';
    for (const [key, value] of entriesOf(entry, inside)) {
      // What is no name of a variable may be left out (since Kubernetes 1.34 by rule of the source).
      if (/^[A-Za-z_][A-Za-z0-9_]*$/.test(prefix + key)) declared.set(prefix + key, value);
    }
  }
  for (const entry of listAt(container, 'env')) {
    const name = stringAt(entry, 'name');
    if (name === undefined || isOptional(entry)) continue;
    declared.set(name, plainValue(entry, inside));
  }
  return declared;
}

function* entriesOf(
  entry: unknown,
  inside: readonly KubeObject[],
): Generator<[string, string | null]> {
  const map = named(inside, 'ConfigMap', stringAt(entry, 'configMapRef', 'name'));
  for (const [key, value] of Object.entries(recordAt(map, 'data'))) {
    yield [key, typeof value === 'string' ? value : null];
  }
  const secret = named(inside, 'Secret', stringAt(entry, 'secretRef', 'name'));
  for (const part of ['data', 'stringData']) {
    for (const key of Object.keys(recordAt(secret, part))) yield [key, null];
  }
}

function isOptional(entry: unknown): boolean {
  return ['configMapKeyRef', 'secretKeyRef', 'fileKeyRef'].some(
    (source) => partAt(entry, 'valueFrom', source, 'optional') === true,
  );
}

function plainValue(entry: unknown, inside: readonly KubeObject[]): string | null {
  const source = partAt(entry, 'valueFrom', 'configMapKeyRef');
  if (source !== undefined) {
    const map = named(inside, 'ConfigMap', stringAt(source, 'name'));
    return stringAt(map, 'data', stringAt(source, 'key') ?? '') ?? null;
  }
  if (partAt(entry, 'valueFrom') !== undefined) return null;
  const value = stringAt(entry, 'value') ?? '';
  // `$(NAME)` stands for another variable.
  return value.includes('$') ? null : value;
}

function named(
  inside: readonly KubeObject[],
  kind: string,
  name: string | undefined,
): KubeObject | undefined {
  return inside.find((object) => object.kind === kind && object.metadata.name === name);
}
