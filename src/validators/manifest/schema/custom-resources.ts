import { z } from 'zod';
import { isDefinition } from '../beside.ts';
import type { ManifestSet } from '../load.ts';
import type { Schema } from '../pool-file.ts';
import { listAt, partAt, stringAt } from '../read.ts';

/** A kind that a CustomResourceDefinition of the set defines, in one of its versions. */
export interface CustomKind {
  /** Undefined when the definition has no readable schema for the version. */
  readonly schema: Schema | undefined;
}

const definitionSchema: z.ZodType<Schema> = z.lazy(() =>
  z.object({
    type: z.string().optional(),
    format: z.string().optional(),
    properties: z.record(z.string(), definitionSchema).optional(),
    required: z.array(z.string()).optional(),
    items: definitionSchema.optional(),
    additionalProperties: z.union([z.boolean(), definitionSchema]).optional(),
    default: z.unknown().optional(),
    enum: z.array(z.unknown()).optional(),
    pattern: z.string().optional(),
    minimum: z.number().optional(),
    maximum: z.number().optional(),
    exclusiveMinimum: z.boolean().optional(),
    exclusiveMaximum: z.boolean().optional(),
    multipleOf: z.number().positive().optional(),
    minLength: z.number().optional(),
    maxLength: z.number().optional(),
    minItems: z.number().optional(),
    maxItems: z.number().optional(),
    minProperties: z.number().optional(),
    maxProperties: z.number().optional(),
    allOf: z.array(definitionSchema).optional(),
    anyOf: z.array(definitionSchema).optional(),
    oneOf: z.array(definitionSchema).optional(),
    not: definitionSchema.optional(),
    'x-kubernetes-int-or-string': z.boolean().optional(),
    'x-kubernetes-list-type': z.string().optional(),
    'x-kubernetes-list-map-keys': z.array(z.string()).optional(),
    'x-kubernetes-preserve-unknown-fields': z.boolean().optional(),
    'x-kubernetes-embedded-resource': z.boolean().optional(),
  }),
);

/**
 * By `<apiVersion>/<kind>`, as the kinds of the API itself. Versions that are not served are left out.
 * What the set itself defines counts more than what is given beside it.
 */
export function customKinds(set: ManifestSet): Map<string, CustomKind> {
  const definitions = [...set.definitions, ...set.objects.filter(isDefinition)];
  return new Map(
    definitions.flatMap(({ value }) => {
      const group = stringAt(value, 'spec', 'group') ?? '';
      const kind = stringAt(value, 'spec', 'names', 'kind') ?? '';
      return listAt(value, 'spec', 'versions')
        .filter((version) => partAt(version, 'served') === true)
        .map((version) => {
          const name = stringAt(version, 'name') ?? '';
          const schema = definitionSchema.safeParse(partAt(version, 'schema', 'openAPIV3Schema'));
          return [
            `${group}/${name}/${kind}`,
            { schema: schema.success ? closedSchema(schema.data, true) : undefined },
          ] as const;
        });
    }),
  );
}

/**
 * Says what a definition leaves unsaid: a root is an object of Kubernetes, and an object takes the
 * fields it lists and no others (the server prunes them, kubectl refuses them).
 */
function closedSchema(schema: Schema, root = false): Schema {
  const { properties, items, additionalProperties: rest } = schema;
  return {
    ...schema,
    ...(schema.type === 'object' &&
      rest === undefined && { properties: mapValues(properties ?? {}, closedSchema) }),
    ...(items && { items: closedSchema(items) }),
    ...(typeof rest === 'object' && { additionalProperties: closedSchema(rest) }),
    ...(root && { type: 'object', 'x-kubernetes-embedded-resource': true }),
  };
}

function mapValues<A, B>(
  record: Readonly<Record<string, A>>,
  change: (value: A) => B,
): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));
}
