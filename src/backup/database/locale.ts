import type { Queries } from '../../adapters/postgres/postgres.ts';
import type { DatabasePart } from '../set/manifest.ts';

/** The columns of pg_database have other names in every other version, so the row is read as JSON. */
const localeQuery = `
  select to_jsonb(d) as facts, pg_encoding_to_char(d.encoding) as encoding
  from pg_database d where d.datname = current_database()`;

/** Encoding and locale of the database one is connected to: what a copy has to be made with. */
export async function readLocale(
  queries: Pick<Queries, 'query'>,
  signal: AbortSignal,
): Promise<DatabasePart['locale']> {
  const [row] = (await queries.query(localeQuery, [], signal)).rows;
  const facts: Record<string, unknown> = JSON.parse(String(row?.facts ?? '{}'));
  const text = (name: string) => (typeof facts[name] === 'string' ? facts[name] : null);
  return {
    encoding: String(row?.encoding),
    provider: text('datlocprovider') ?? 'c',
    collate: text('datcollate') ?? 'C',
    ctype: text('datctype') ?? 'C',
    locale: text('datlocale') ?? text('daticulocale'),
  };
}
