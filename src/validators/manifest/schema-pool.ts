import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { brotliDecompress } from 'node:zlib';
import { z } from 'zod';
import { Fault } from '../../core/fault.ts';
import { packageFile } from '../../core/package-root.ts';
import { isRecord } from './read.ts';

/**
 * A schema of the Kubernetes API or of a CustomResourceDefinition: the keywords that the walker reads.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface Schema {
  readonly $ref?: string | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly type?: string | undefined;
  readonly format?: string | undefined;
  readonly properties?: Readonly<Record<string, Schema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: Schema | undefined;
  readonly additionalProperties?: boolean | Schema | undefined;
  readonly default?: unknown;
  readonly 'x-kubernetes-int-or-string'?: boolean | undefined;
  readonly 'x-kubernetes-list-type'?: string | undefined;
  readonly 'x-kubernetes-list-map-keys'?: readonly string[] | undefined;
  readonly 'x-kubernetes-preserve-unknown-fields'?: boolean | undefined;
  readonly 'x-kubernetes-embedded-resource'?: boolean | undefined;
}

/** A kind of which a manifest can be written. */
export interface Kind {
  /** Name among the version's schemas. */
  readonly schema: string;
  readonly namespaced: boolean;
}

/** The API of one minor version of Kubernetes. */
export interface KubernetesApi {
  /** `1.34` */
  readonly version: string;
  /** By `<apiVersion>/<kind>`, as in `apps/v1/Deployment` and `v1/Pod`. */
  readonly kinds: ReadonlyMap<string, Kind>;
  /** The schema behind `#/components/schemas/<name>` or the bare name. */
  schema(name: string): Schema | undefined;
}

export interface SchemaPool {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** @param version `1.34`, `v1.34` or `1.34.4`; the newest when left out. */
  api(version?: string): KubernetesApi | undefined;
}

const poolSchema = z.object({
  // Written by scripts/kubernetes-schemas.ts from documents of the API server; not checked again.
  schemas: z.record(z.string(), z.custom<Schema>(isRecord)),
  versions: z.record(
    z.string(),
    z.object({
      kinds: z.record(z.string(), z.object({ schema: z.string(), namespaced: z.boolean() })),
      names: z.record(z.string(), z.string()),
    }),
  ),
});

const defaultFile = 'data/kubernetes/pool.json.br';
const referencePrefix = '#/components/schemas/';
const decompress = promisify(brotliDecompress);

/**
 * Reads the schemas that ship with deploycheck; about 10 ms for one version of Kubernetes.
 * @throws Fault `data-missing` when the file is absent or not what the generator writes.
 */
export async function readSchemaPool(file = packageFile(defaultFile)): Promise<SchemaPool> {
  const { schemas, versions } = await readPoolFile(file);
  const names = Object.keys(versions).sort((a, b) => minorOf(a) - minorOf(b));
  return {
    versions: names,
    api(version) {
      const name = version === undefined ? names.at(-1) : majorMinor(version);
      const entry = name === undefined ? undefined : versions[name];
      if (name === undefined || entry === undefined) return undefined;
      const hashes = new Map(Object.entries(entry.names));
      return {
        version: name,
        kinds: new Map(Object.entries(entry.kinds)),
        schema: (reference) => schemas[hashes.get(reference.replace(referencePrefix, '')) ?? ''],
      };
    },
  };
}

async function readPoolFile(file: string): Promise<z.infer<typeof poolSchema>> {
  try {
    const bytes = await decompress(await readFile(file));
    return poolSchema.parse(JSON.parse(bytes.toString('utf8')));
  } catch (cause) {
    throw new Fault('data-missing', `${file}: the Kubernetes schemas cannot be read`, { cause });
  }
}

function majorMinor(version: string): string | undefined {
  return /^v?(\d+\.\d+)(?:[.+-].*)?$/.exec(version)?.[1];
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
