import { z } from 'zod';
import type { Queries } from '../../adapters/postgres/postgres.ts';

/**
 * What the comment of a database says that had to give its name up. The identifiers tell whether it is
 * still about this database: a comment may have been copied to another one.
 */
const noteSchema = z.object({
  /** `before`: what a restore put aside; `restored`: what was put aside when that was undone. */
  kept: z.enum(['before', 'restored']),
  /** The name it had. */
  name: z.string(),
  set: z.string(),
  at: z.iso.datetime(),
  systemIdentifier: z.string(),
  oid: z.string().describe('of the database itself'),
  successor: z.string().describe('oid of the database that has the name from then on'),
  comment: z.string().nullable().describe('what it had said before'),
});

export type KeptNote = Readonly<z.infer<typeof noteSchema>>;

const intro = 'deploycheck: ';

export function noteText(note: KeptNote): string {
  const words =
    note.kept === 'before'
      ? `kept since the set ${note.set} took the name ${note.name}`
      : `the set ${note.set} as it was restored, kept since the name ${note.name} was given back`;
  return `${intro}${words} at ${note.at}\n${JSON.stringify(note)}`;
}

/** @returns undefined when the comment is none of ours, or was changed */
export function readNote(comment: string | null): KeptNote | undefined {
  const [line = '', ...rest] = comment?.split('\n') ?? [];
  if (!line.startsWith(intro)) return undefined;
  try {
    return noteSchema.parse(JSON.parse(rest.join('\n')));
  } catch {
    return undefined;
  }
}

export interface DatabaseEntry {
  readonly name: string;
  readonly oid: string;
  readonly comment: string | null;
  readonly template: boolean;
}

/** The databases of a server, by name. */
export async function readDatabases(
  queries: Pick<Queries, 'query'>,
  signal: AbortSignal,
): Promise<DatabaseEntry[]> {
  const { rows } = await queries.query(
    `select datname as name, oid::text as oid, shobj_description(oid, 'pg_database') as comment,
            datistemplate as template
     from pg_database order by datname collate "C"`,
    [],
    signal,
  );
  return rows.map(({ name, oid, comment, template }) => ({
    name: String(name),
    oid: String(oid),
    comment: comment === null ? null : String(comment),
    template: template === true,
  }));
}

export interface KeptDatabase {
  readonly database: DatabaseEntry;
  readonly note: KeptNote;
}

/** Those that gave the name up, are on the server where that was, and say so themselves. */
export function keptFor(
  name: string,
  systemIdentifier: string,
  databases: readonly DatabaseEntry[],
): KeptDatabase[] {
  return databases.flatMap((database) => {
    const note = readNote(database.comment);
    const ours =
      note?.name === name &&
      note.oid === database.oid &&
      note.systemIdentifier === systemIdentifier;
    return ours ? [{ database, note }] : [];
  });
}
