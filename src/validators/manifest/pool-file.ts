import { readFile } from 'node:fs/promises';
import { brotliDecompressSync } from 'node:zlib';
import { Fault } from '../../core/fault.ts';
import { isRecord } from './read.ts';

/** What a definition may demand of a value beyond its type. */
export interface Demands {
  readonly enum?: readonly unknown[] | undefined;
  readonly pattern?: string | undefined;
  readonly minimum?: number | undefined;
  readonly maximum?: number | undefined;
  readonly exclusiveMinimum?: boolean | undefined;
  readonly exclusiveMaximum?: boolean | undefined;
  readonly multipleOf?: number | undefined;
  readonly minLength?: number | undefined;
  readonly maxLength?: number | undefined;
  readonly minItems?: number | undefined;
  readonly maxItems?: number | undefined;
  readonly minProperties?: number | undefined;
  readonly maxProperties?: number | undefined;
  readonly allOf?: readonly Schema[] | undefined;
  readonly anyOf?: readonly Schema[] | undefined;
  readonly oneOf?: readonly Schema[] | undefined;
  readonly not?: Schema | undefined;
}

/**
 * A schema of the Kubernetes API or of a CustomResourceDefinition: the keywords that the walker reads.
 * https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#specifying-a-structural-schema
 */
export interface Schema extends Demands {
  readonly $ref?: string | undefined;
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

export const poolFile = 'data/kubernetes/pool.jsonl.br';

/** Minor versions are numbers here; scripts/kubernetes/pool.ts, which writes this, says what means what. */
export interface Index {
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
function isIndex(value: unknown): value is Index {
  return (
    isRecord(value) &&
    [value.names, value.kinds, value.announced].every(isRecord) &&
    Array.isArray(value.minors) &&
    value.minors.length > 0 &&
    value.minors.every(Number.isInteger)
  );
}

export interface PoolFile {
  readonly index: Index;
  /** The schema of a line of the file. */
  schemaAt(line: number): Schema | undefined;
}

/** @throws Fault `data-missing` when the file is absent or not what the generator writes. */
export async function readPoolFile(file: string): Promise<PoolFile> {
  const damaged = (cause: unknown): Fault =>
    new Fault('data-missing', `${file}: the Kubernetes schemas cannot be read`, { cause });
  try {
    const text = brotliDecompressSync(await readFile(file)).toString('utf8');
    const lines = text.split('\n');
    const parsed = new Map<number, Schema>();
    const index: unknown = JSON.parse(lines[0] ?? '');
    if (!isIndex(index)) throw new Error('its first line holds no index');
    return {
      index,
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
