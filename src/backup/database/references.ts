import type { Transaction } from '../../adapters/postgres/postgres.ts';
import { Fault } from '../../core/fault.ts';
import type { ReferencePart } from '../set/manifest.ts';
import type { BucketSource } from '../sources.ts';

/** The keys that rows name, read in the snapshot of the dump. */
export interface ReferencedKeys {
  readonly bucket: string;
  readonly query: string;
  /** How many distinct keys there are. */
  readonly keys: number;
  /** Those that no object was seen for yet. */
  readonly unseen: Set<string>;
}

const shownExamples = 100;

/** @throws Fault `config-invalid` when the server refuses a query, or it gives no column */
export async function readReferences(
  transaction: Transaction,
  buckets: readonly BucketSource[],
  signal: AbortSignal,
): Promise<ReferencedKeys[]> {
  const found: ReferencedKeys[] = [];
  // What fingerprints need would keep `orders` from being found.
  await transaction.script('set local search_path to default', signal);
  for (const { name, references } of buckets) {
    for (const [at, query] of references.entries()) {
      const unseen = await keysOf(transaction, query, `buckets.${name}.references[${at}]`, signal);
      found.push({ bucket: name, query, keys: unseen.size, unseen });
    }
  }
  return found;
}

async function keysOf(
  transaction: Transaction,
  query: string,
  setting: string,
  signal: AbortSignal,
): Promise<Set<string>> {
  const keys = new Set<string>();
  try {
    for await (const row of transaction.rows(query.replace(/[\s;]+$/, ''), [], {}, signal)) {
      const [key] = Object.values(row);
      if (key === undefined) throw new Fault('config-invalid', `${setting} selects no column`);
      if (key !== null) keys.add(String(key));
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Fault || !(error instanceof Error)) throw error;
    throw new Fault('config-invalid', `${setting}: ${error.message}`, { cause: error });
  }
  return keys;
}

export function referencePart({ bucket, query, keys, unseen }: ReferencedKeys): ReferencePart {
  const examples = [...unseen].sort().slice(0, shownExamples);
  return { bucket, query, keys, dangling: unseen.size, examples };
}
