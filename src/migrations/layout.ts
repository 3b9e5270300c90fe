/** A migration as its file names tell it. */
export interface MigrationFiles {
  /** As written; leading zeros belong to it. */
  readonly version: string;
  readonly name: string;
  readonly up: string | null;
  readonly down: string | null;
}

export type Layout =
  | { readonly layout: 'pairs'; readonly migrations: readonly MigrationFiles[] }
  /** Files that are migrations of a layout that this version cannot take apart, or of none it knows. */
  | { readonly layout: 'unsupported'; readonly detected: string };

const pair = /^(?<version>\d+)_(?<name>.+)\.(?<direction>up|down)\.sql$/;

/** Marks of other tools, by a file name or by a line of the first script. */
const others: readonly { readonly tool: string; readonly file?: RegExp; readonly text?: RegExp }[] =
  [
    { tool: 'goose', text: /^--\s*\+goose Up/m },
    { tool: 'dbmate', text: /^--\s*migrate:up/m },
    { tool: 'sql-migrate', text: /^--\s*\+migrate Up/m },
    { tool: 'Liquibase', text: /^--\s*liquibase formatted sql/m },
    { tool: 'Flyway', file: /^[VUR]\d*(?:[._]\d+)*__.+\.sql$/ },
    { tool: 'Prisma', file: /(^|\/)migration_lock\.toml$/ },
    { tool: 'Drizzle', file: /(^|\/)meta\/_journal\.json$/ },
    { tool: 'Atlas', file: /(^|\/)atlas\.sum$/ },
    { tool: 'sqitch', file: /(^|\/)sqitch\.plan$/ },
    { tool: 'Alembic', file: /(^|\/)versions\/.+\.py$|(^|\/)alembic\.ini$/ },
    { tool: 'Diesel', file: /\/(up|down)\.sql$/ },
    { tool: 'migrations in a programming language', file: /\.(js|ts|py|rb|go|exs|php|java)$/ },
  ];

/**
 * @param files paths relative to the folder
 * @param firstText text of the first SQL file, where the marks of sections stand
 */
export function detectLayout(files: readonly string[], firstText = ''): Layout {
  const matched = files.flatMap((file) => {
    const groups = pair.exec(file)?.groups;
    return groups ? [{ file, ...groups }] : [];
  });
  const odd = files.filter((file) => /\.sql$/.test(file) && !pair.test(file));
  if (matched.length === 0 || odd.length > 0) {
    const other = others.find(
      ({ file, text }) =>
        (file !== undefined && files.some((name) => file.test(name))) || text?.test(firstText),
    );
    const strange = odd[0] === undefined ? '' : ` (${odd[0]})`;
    return {
      layout: 'unsupported',
      detected: other?.tool ?? `no layout that deploycheck knows${strange}`,
    };
  }
  const byVersion = new Map<string, MigrationFiles>();
  for (const { file, version = '', name = '', direction } of matched as readonly Match[]) {
    const known = byVersion.get(version) ?? { version, name, up: null, down: null };
    byVersion.set(version, { ...known, [direction === 'up' ? 'up' : 'down']: file });
  }
  return { layout: 'pairs', migrations: [...byVersion.values()].toSorted(byNumber) };
}

interface Match {
  readonly file: string;
  readonly version?: string;
  readonly name?: string;
  readonly direction?: string;
}

/** By number and not by text: 10 comes after 9. Numbers may be longer than JavaScript counts. */
function byNumber(a: { readonly version: string }, b: { readonly version: string }): number {
  const [left, right] = [BigInt(a.version), BigInt(b.version)];
  return left < right ? -1 : left > right ? 1 : 0;
}
