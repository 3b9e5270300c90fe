import { Fault } from '../../core/fault.ts';
import type { NamedRelation } from '../database/names.ts';

/** What of a database is to be restored. */
export interface Selection {
  readonly tables: readonly NamedRelation[];
  /** With all that is in them. */
  readonly schemas: readonly string[];
}

const part = '(?:"((?:[^"]|"")+)"|([^".]+))';
const qualified = new RegExp(`^${part}\\.${part}$`);

/**
 * `schema.name`, in double quotes where there are dots or quotes in it. Case counts.
 * @throws Fault `usage-invalid`
 */
export function tableNamed(text: string): NamedRelation {
  const match = qualified.exec(text);
  if (!match) {
    const how = `expected schema.name, such as public.orders or "my.schema"."my table"`;
    throw new Fault('usage-invalid', `--table ${text}: ${how}`);
  }
  const [, quotedSchema, schema, quotedName, name] = match;
  const plain = (quoted: string | undefined, bare: string | undefined) =>
    quoted?.replaceAll('""', '"') ?? bare ?? '';
  return { schema: plain(quotedSchema, schema), name: plain(quotedName, name) };
}

/** @returns null when all is to be restored */
export function selectionOf(
  tables: readonly string[] = [],
  schemas: readonly string[] = [],
): Selection | null {
  if (tables.length + schemas.length === 0) return null;
  return { tables: tables.map(tableNamed), schemas };
}
