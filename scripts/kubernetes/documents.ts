import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { Module } from './modules.ts';

export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json };

/** A kind that a manifest can be written of. */
export interface ServedKind {
  /** `<apiVersion>/<kind>`, as in `apps/v1/Deployment` and `v1/Pod`. */
  readonly key: string;
  /** Name of its schema. */
  readonly schema: string;
  readonly namespaced: boolean;
  /** As paths name it: `deployments`. */
  readonly resource: string;
}

/** What a request takes; versions from 1.28 on name it in one place for all operations. */
const bodySchema = z.object({ in: z.string(), schema: z.object({ $ref: z.string() }) });

const operationSchema = z.object({
  'x-kubernetes-action': z.literal('post'),
  'x-kubernetes-group-version-kind': z.object({
    group: z.string(),
    version: z.string(),
    kind: z.string(),
  }),
  parameters: z.array(z.object({ $ref: z.string().optional(), ...bodySchema.partial().shape })),
});

// The schemas are megabytes of JSON that the API server wrote: only their place is checked.
const schemasSchema = z.record(z.string(), z.custom<Json>());

const documentSchema = z.object({
  components: z.object({ schemas: schemasSchema.optional() }).optional(),
});

const swaggerSchema = z.object({
  definitions: schemasSchema,
  parameters: z.record(z.string(), z.unknown()).optional(),
  paths: z.record(z.string(), z.record(z.string(), z.unknown())),
});

type Swagger = z.infer<typeof swaggerSchema>;

async function readSwagger({ directory }: Module): Promise<Swagger> {
  const file = join(directory, 'api/openapi-spec/swagger.json');
  return swaggerSchema.parse(JSON.parse(await readFile(file, 'utf8')));
}

/** The API of one minor version: all that its server can serve, alpha and beta included. */
export interface ApiDocuments {
  readonly schemas: ReadonlyMap<string, Json>;
  readonly kinds: readonly ServedKind[];
}

/**
 * Reads api/openapi-spec of the module k8s.io/kubernetes. Schemas come from the v3 documents, which
 * have the defaults; kinds from the v2 document, because the v3 ones of 1.23 do not name them. Up to
 * 1.26 only the v2 document has the schema of APIService.
 * @param change applied to each schema
 */
export async function readDocuments(
  module: Module,
  change: (schema: Json) => Json,
): Promise<ApiDocuments> {
  const swagger = await readSwagger(module);
  const schemas = await readSchemas(module, change);
  for (const [name, schema] of Object.entries(swagger.definitions)) {
    if (schemas.has(name)) continue;
    const text = JSON.stringify(schema).replaceAll('"#/definitions/', '"#/components/schemas/');
    schemas.set(name, change(JSON.parse(text)));
  }
  return { schemas, kinds: kindsOf(swagger) };
}

async function readSchemas(
  { directory, version }: Module,
  change: (schema: Json) => Json,
): Promise<Map<string, Json>> {
  const folder = join(directory, 'api/openapi-spec/v3');
  const files = (await readdir(folder)).filter((file) => file.endsWith('_openapi.json')).sort();
  const schemas = new Map<string, Json>();
  for (const file of files) {
    const document = documentSchema.parse(JSON.parse(await readFile(join(folder, file), 'utf8')));
    for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
      const changed = change(schema);
      const known = schemas.get(name);
      if (known !== undefined && JSON.stringify(known) !== JSON.stringify(changed)) {
        throw new Error(`${version} has two schemas named ${name}`);
      }
      schemas.set(name, changed);
    }
  }
  return schemas;
}

/**
 * The kinds one can write a manifest of: what a POST to a collection takes. Subresources (a pod's
 * eviction), lists and the shared DeleteOptions, Status and WatchEvent have no such operation.
 */
function kindsOf({ paths, parameters }: Swagger): ServedKind[] {
  return Object.entries(paths).flatMap(([path, operations]) => {
    const operation = operationSchema.safeParse(operations.post);
    if (!operation.success || path.includes('{name}')) return [];
    const { group, version, kind } = operation.data['x-kubernetes-group-version-kind'];
    const key = `${group === '' ? version : `${group}/${version}`}/${kind}`;
    const [body] = operation.data.parameters.flatMap((parameter) => {
      const name = parameter.$ref?.replace('#/parameters/', '');
      const found = bodySchema.safeParse(name === undefined ? parameter : parameters?.[name]);
      return found.success && found.data.in === 'body' ? [found.data.schema.$ref] : [];
    });
    if (body === undefined) throw new Error(`POST of ${key} has no body`);
    return [
      {
        key,
        schema: body.replace('#/definitions/', ''),
        namespaced: path.includes('/namespaces/{namespace}/'),
        resource: path.split('/').at(-1) ?? '',
      },
    ];
  });
}
