import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
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
  /** False for alpha and beta that a server has to be told to serve. */
  readonly byDefault: boolean;
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

/** The versions of Kubernetes between which a kind lives, such as `1.25`. */
export interface Lifecycle {
  /** First version known here to serve it; undefined when it went before. */
  readonly introduced: string | undefined;
  readonly deprecated: string | undefined;
  /** First version without it; of what the newest version serves, the one announced. */
  readonly gone: string | undefined;
  /** What to use instead by announcement, as `<apiVersion>/<kind>`. */
  readonly replacement: string | undefined;
}

export interface SchemaPool {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** @param version `1.34`, `v1.34` or `1.34.4`; the newest when left out. */
  api(version?: string): KubernetesApi | undefined;
  /** @returns undefined for what no version of Kubernetes is known to have served */
  lifecycle(key: string): Lifecycle | undefined;
}

/** Minor versions are numbers here; scripts/kubernetes/pool.ts, which writes this, says what means what. */
interface Index {
  readonly minors: readonly number[];
  readonly names: Readonly<Record<string, readonly (number | null)[]>>;
  readonly kinds: Readonly<
    Record<
      string,
      readonly [schema: string, namespaced: 0 | 1, served: number[], byDefault: number[]]
    >
  >;
  readonly announced: Readonly<
    Record<
      string,
      readonly [deprecated: number | null, removed: number | null, replacement: string | null]
    >
  >;
}

// The generator wrote the rest: looking at each of its thousands of entries takes longer than using some.
const indexSchema = z.object({
  minors: z.array(z.int().nonnegative()).min(1),
  names: z.custom<Index['names']>(isRecord),
  kinds: z.custom<Index['kinds']>(isRecord),
  announced: z.custom<Index['announced']>(isRecord),
});

interface PoolFile {
  readonly index: Index;
  /** The schema of a line of the file. */
  schemaAt(line: number): Schema | undefined;
}

const defaultFile = 'data/kubernetes/pool.jsonl.br';
const referencePrefix = '#/components/schemas/';
let shipped: Promise<SchemaPool> | undefined;

/**
 * The schemas that ship with deploycheck, read once. About 5 ms, whatever the number of versions: a
 * schema is parsed when it is asked for.
 * @throws Fault `data-missing` when the file is absent or not what the generator writes.
 */
export function readSchemaPool(file?: string): Promise<SchemaPool> {
  if (file !== undefined) return readPool(file);
  shipped ??= readPool(packageFile(defaultFile));
  return shipped;
}

async function readPool(file: string): Promise<SchemaPool> {
  const { index, schemaAt } = await readPoolFile(file);
  const { minors } = index;
  return {
    versions: minors.map(versionOf),
    api(version) {
      const wanted = version === undefined ? minors.at(-1) : minorOf(version);
      if (wanted === undefined || !minors.includes(wanted)) return undefined;
      return {
        version: versionOf(wanted),
        kinds: kindsOf(index, wanted),
        schema(reference) {
          const line = lineAt(index.names[reference.replace(referencePrefix, '')] ?? [], wanted);
          return line === undefined ? undefined : schemaAt(line);
        },
      };
    },
    lifecycle: (key) => lifecycleOf(index, key),
  };
}

async function readPoolFile(file: string): Promise<PoolFile> {
  const damaged = (cause: unknown): Fault =>
    new Fault('data-missing', `${file}: the Kubernetes schemas cannot be read`, { cause });
  try {
    const text = brotliDecompressSync(await readFile(file)).toString('utf8');
    const lines = text.split('\n');
    const parsed = new Map<number, Schema>();
    return {
      index: indexSchema.parse(JSON.parse(lines[0] ?? '')),
      schemaAt(line) {
        const known = parsed.get(line);
        const written = lines[line];
        if (known || written === undefined) return known;
        const schema: unknown = JSON.parse(written);
        if (!isSchema(schema)) throw damaged(`line ${line + 1} holds no schema`);
        parsed.set(line, schema);
        return schema;
      },
    };
  } catch (cause) {
    throw damaged(cause);
  }
}

/** Not looked into: the generator wrote it, and parsing it twice would take longer than using it. */
function isSchema(value: unknown): value is Schema {
  return isRecord(value);
}

function kindsOf({ kinds }: Index, wanted: number): Map<string, Kind> {
  return new Map(
    Object.entries(kinds).flatMap(([key, [schema, namespaced, served, byDefault]]) =>
      served.includes(wanted)
        ? [[key, { schema, namespaced: namespaced === 1, byDefault: byDefault.includes(wanted) }]]
        : [],
    ),
  );
}

/** The line that counts for a minor version, from pairs of a minor and the line since then. */
function lineAt(runs: readonly (number | null)[], wanted: number): number | undefined {
  let line: number | undefined;
  for (let at = 0; at < runs.length && (runs[at] ?? 0) <= wanted; at += 2) {
    line = runs[at + 1] ?? undefined;
  }
  return line;
}

function lifecycleOf({ kinds, announced, minors }: Index, key: string): Lifecycle | undefined {
  if (!Object.hasOwn(kinds, key) && !Object.hasOwn(announced, key)) return undefined;
  const [, , served = []] = kinds[key] ?? [];
  const [deprecated, removed, replacement] = announced[key] ?? [];
  const oldest = minors[0] ?? 0;
  const last = served.at(-1);
  const planned = removed ?? undefined;
  // Some went earlier or later than announced: what was served is known better from the versions.
  const gone =
    last === undefined
      ? Math.min(planned ?? oldest, oldest)
      : last !== minors.at(-1)
        ? last + 1
        : planned !== undefined && planned > last
          ? planned
          : undefined;
  const version = (value: number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : versionOf(value);
  return {
    introduced: version(served[0]),
    deprecated: version(deprecated),
    gone: version(gone),
    replacement: replacement ?? undefined,
  };
}

function versionOf(value: number): string {
  return `1.${value}`;
}

function minorOf(version: string): number | undefined {
  const found = /^v?1\.(\d+)(?:[.+-].*)?$/.exec(version)?.[1];
  return found === undefined ? undefined : Number(found);
}
