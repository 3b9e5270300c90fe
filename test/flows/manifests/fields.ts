import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';
import type { Schema } from '../../../src/validators/manifest/pool-file.ts';
import { isRecord } from '../../../src/validators/manifest/read.ts';
import type { KubernetesApi } from '../../../src/validators/manifest/schema-pool.ts';

/** A field of a type of the API, with objects in which it has values that few rules take. */
export interface Field {
  /** Type and field, such as `io.k8s.api.core.v1.Container.imagePullPolicy`. */
  readonly name: string;
  readonly variants: readonly NewKubeObject[];
}

type Steps = readonly (string | number)[];

/**
 * Every field of the types that the objects are made of, whether they have it or not; each type where it is
 * met first.
 */
export function fieldsOf(objects: readonly NewKubeObject[], api: KubernetesApi): Field[] {
  const fields = new Map<string, Field>();
  for (const object of objects) {
    const native = api.kinds.get(`${object.apiVersion}/${object.kind}`);
    if (native) visit(object, object, [], { $ref: native.schema });
  }
  return [...fields.values()];

  function visit(object: NewKubeObject, part: unknown, path: Steps, written: Schema): void {
    const type = written.$ref;
    const schema = resolved(written);
    if (Array.isArray(part)) {
      for (const [index, item] of part.entries())
        visit(object, item, [...path, index], schema.items ?? {});
    }
    if (!isRecord(part)) return;
    for (const [name, field] of Object.entries(schema.properties ?? {})) {
      const at = [...path, name];
      // A server takes and ignores what it fills in itself.
      if (['status', 'apiVersion', 'kind', 'managedFields'].includes(name)) continue;
      const key = `${type ?? `${object.kind} ${path.join('.')}`}.${name}`;
      if (!fields.has(key)) {
        const variants = valuesFor(field).map((value) => withValue(object, at, value));
        fields.set(key, { name: key, variants });
      }
      visit(object, part[name], at, field);
    }
  }

  function resolved(written: Schema): Schema {
    const [only] = written.allOf ?? [];
    const reference = written.$ref ?? only?.$ref;
    return reference === undefined ? written : (api.schema(reference) ?? {});
  }

  function valuesFor(written: Schema): readonly unknown[] {
    const schema = resolved(written);
    const reference = written.$ref ?? written.allOf?.[0]?.$ref ?? '';
    if (reference.endsWith('.Quantity')) return ['-1', '0', '1.5', '1Gi'];
    if (reference.endsWith('.IntOrString')) return [-1, 0, 70_000, '150%', 'Bad_Value!', ''];
    switch (schema.type) {
      case 'string':
        return ['Bad_Value!', '', '-1', 'a'.repeat(300), '/x/../y', 'web'];
      case 'integer':
      case 'number':
        return [-1, 0, 70_000, 2_147_483_647, 1];
      case 'boolean':
        return [true, false];
      case 'array':
        return [[], ...valuesFor(schema.items ?? {}).flatMap((value) => [[value], [value, value]])];
      case 'object':
        return [{}, { 'Bad Key!': 'x' }, { 'Bad Key!': 'Bad Value!' }];
      default:
        return [{}];
    }
  }
}

function withValue(object: NewKubeObject, path: Steps, value: unknown): NewKubeObject {
  const copy = structuredClone(object);
  let holder: unknown = copy;
  for (const step of path.slice(0, -1)) holder = (holder as Record<string | number, unknown>)[step];
  const last = path.at(-1);
  if (last !== undefined) (holder as Record<string | number, unknown>)[last] = value;
  return copy;
}
