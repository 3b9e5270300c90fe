import type { Row } from '../../adapters/postgres/postgres.ts';

export interface NamedRelation {
  readonly schema: string;
  readonly name: string;
}

export const nameOf = (row: Row): NamedRelation => ({
  schema: String(row.schema),
  name: String(row.name),
});

export const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const literal = (text: string): string => {
  const quoted = `'${text.replaceAll("'", "''")}'`;
  // With a backslash, what it means would be a matter of standard_conforming_strings.
  return text.includes('\\') ? ` E${quoted.replaceAll('\\', '\\\\')}` : quoted;
};

export const relation = ({ schema, name }: NamedRelation): string =>
  `${identifier(schema)}.${identifier(name)}`;

/** Schemas and objects that a dump holds: neither the system's nor those of an extension. */
export const ours = (alias: string): string => `
  n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
  and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                  and d.objid = ${alias}.oid and d.deptype = 'e')`;
