import { packageFile } from '../../core/package-root.ts';
import { type Lifecycle, lifecycleOf, minorOf, versionOf } from './lifecycle.ts';
import { type Index, poolFile, readPoolFile, type Schema } from './pool-file.ts';

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

export interface SchemaPool {
  /** Oldest first. */
  readonly versions: readonly string[];
  /** @param version `1.34`, `v1.34` or `1.34.4`; the newest when left out. */
  api(version?: string): KubernetesApi | undefined;
  /** @returns undefined for what no version of Kubernetes is known to have served */
  lifecycle(key: string): Lifecycle | undefined;
}

const referencePrefix = '#/components/schemas/';
let shipped: Promise<SchemaPool> | undefined;

/**
 * The schemas that ship with deploycheck, read once. About 10 ms of CPU in a new process, whatever the
 * number of versions: a schema is parsed when it is asked for.
 * @throws Fault `data-missing` when the file is absent or not what the generator writes.
 */
export function readSchemaPool(file?: string): Promise<SchemaPool> {
  if (file !== undefined) return readPool(file);
  shipped ??= readPool(packageFile(poolFile));
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
