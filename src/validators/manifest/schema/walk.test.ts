import { Ajv } from 'ajv';
import formats from 'ajv-formats';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Schema } from '../pool-file.ts';
import { isRecord, type Path, partAt } from '../read.ts';
import { readSchemaPool } from '../schema-pool.ts';
import { deploymentWith, setOf } from '../testing.ts';
import { type Resolve, walk } from './walk.ts';

const pool = await readSchemaPool();
const root = 'io.k8s.api.apps.v1.Deployment';

/** The schema in the words of JSON Schema, where unlisted fields are errors. */
function jsonSchema(schema: Schema): object {
  const reference = schema.$ref;
  if (reference !== undefined) return { $ref: `#/$defs/${nameOf(reference)}` };
  const { properties, items, additionalProperties: rest, type, format, required } = schema;
  if (format === 'int-or-string') return { type: ['integer', 'string'] };
  return {
    ...(type && { type }),
    ...(required && { required }),
    ...(format === 'int32' && { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 }),
    ...(format === 'date-time' && { format }),
    ...(items && { items: jsonSchema(items) }),
    ...(typeof rest === 'object' && { additionalProperties: jsonSchema(rest) }),
    ...(properties && {
      additionalProperties: false,
      properties: Object.fromEntries(
        Object.entries(properties).map(([name, property]) => [name, jsonSchema(property)]),
      ),
    }),
  };
}

function nameOf(reference: string): string {
  return reference.replace('#/components/schemas/', '');
}

function compileOracle(resolve: Resolve): (value: unknown) => boolean {
  const names = new Set([root]);
  const definitions: Record<string, object> = {};
  for (const name of names) {
    const schema = resolve(name) ?? {};
    for (const [, found = ''] of JSON.stringify(schema).matchAll(/"\$ref":"([^"]+)"/g)) {
      names.add(nameOf(found));
    }
    definitions[name] = name.endsWith('.Quantity')
      ? { anyOf: [{ type: 'number' }, { type: 'string', pattern: '^\\d+(m|Mi|Gi)?$' }] }
      : jsonSchema(schema);
  }
  const ajv = new Ajv({ inlineRefs: false, strict: false });
  formats.default(ajv, ['date-time']);
  return ajv.compile({ $ref: `#/$defs/${root}`, $defs: definitions });
}

const [seed] = setOf(
  deploymentWith(
    'web',
    'replicas: 2\nstrategy: {rollingUpdate: {maxSurge: 25%}}',
    `ports: [{name: http, containerPort: 8080}]
env: [{name: A, value: b}, {name: C, valueFrom: {secretKeyRef: {name: s, key: k}}}]
resources: {requests: {cpu: 100m, memory: 1Gi}}
readinessProbe: {httpGet: {path: /, port: http}, periodSeconds: 5}
securityContext: {runAsNonRoot: true, capabilities: {drop: [ALL]}}`,
  ),
).objects;

function pathsOf(value: unknown, path: Path = []): Path[] {
  const children = Array.isArray(value)
    ? value.map((child, index) => [index, child] as const)
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return [path, ...children.flatMap(([step, child]) => pathsOf(child, [...path, step]))];
}

/** The value with the entry at a path replaced, renamed, removed, or given a companion. */
function mutate(value: unknown, path: Path, change: Change): unknown {
  const copy: unknown = structuredClone(value);
  const parent: unknown = partAt(copy, ...path.slice(0, -1));
  const step = path.at(-1);
  if (step === undefined || parent === null || typeof parent !== 'object') return change.junk;
  const old: unknown = Reflect.get(parent, step);
  if (change.kind === 'replace' || Array.isArray(parent)) Reflect.set(parent, step, change.junk);
  if (Array.isArray(parent)) return copy;
  if (change.kind === 'remove' || change.kind === 'rename') Reflect.deleteProperty(parent, step);
  if (change.kind === 'rename') Reflect.set(parent, `${step}s`, old);
  if (change.kind === 'add') Reflect.set(parent, change.field, change.junk);
  return copy;
}

interface Change {
  readonly kind: 'replace' | 'rename' | 'remove' | 'add';
  readonly junk: unknown;
  readonly field: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  kind: fc.constantFrom('replace', 'rename', 'remove', 'add'),
  junk: fc.constantFrom<unknown>('text', '1', 7, 2 ** 31, 1.5, true, [], {}, ['x'], { x: 'y' }),
  field: fc.constantFrom('name', 'image', 'replicas', 'creationTimestamp', 'volumes', 'extra'),
});

// The oldest, one on each side of what changed in how the server publishes schemas, and the newest.
it.each(['1.23', '1.24', '1.29', '1.33', pool.versions.at(-1)])(
  'agrees with a JSON Schema validator on mutated objects, for %s',
  (version) => {
    const api = pool.api(version);
    const resolve = (reference: string): Schema | undefined => api?.schema(reference);
    const oracle = compileOracle(resolve);
    const schema = resolve(root) ?? {};
    expect(oracle(seed?.value)).toBe(true);
    const paths = pathsOf(seed?.value);
    const counts = { accepted: 0, rejected: 0 };
    fc.assert(
      fc.property(fc.constantFrom(...paths), change, (path, how) => {
        const value = mutate(seed?.value, path, how);
        const accepted = walk(value, schema, resolve).length === 0;
        counts[accepted ? 'accepted' : 'rejected'] += 1;
        expect(accepted).toBe(oracle(value));
      }),
      { numRuns: 1500, seed: 1 },
    );
    expect(Math.min(counts.accepted, counts.rejected)).toBeGreaterThan(150);
  },
);
