import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StartError } from './config.ts';

export type Direction = 'up' | 'down';

export interface Migration {
  readonly version: number;
  readonly name: string;
  /** The path of the script, or undefined when this direction has none. */
  readonly scripts: Readonly<Partial<Record<Direction, string>>>;
}

const fileName = /^(?<version>\d{4})_(?<name>[a-z0-9_]+)\.(?<direction>up|down)\.sql$/;

/** The migrations of a folder, oldest first. */
export async function readMigrations(folder: string): Promise<readonly Migration[]> {
  const migrations = new Map<number, Migration>();
  for (const file of (await readdir(folder)).toSorted()) {
    const { version, name, direction } = fileName.exec(file)?.groups ?? {};
    if (version === undefined || name === undefined) continue;
    const number = Number(version);
    const known = migrations.get(number) ?? { version: number, name, scripts: {} };
    if (known.name !== name) throw new StartError(`two migrations have the version ${version}`);
    const script = { [direction === 'up' ? 'up' : 'down']: join(folder, file) };
    migrations.set(number, { ...known, scripts: { ...known.scripts, ...script } });
  }
  return [...migrations.values()];
}

export async function readScript(migration: Migration, direction: Direction): Promise<string> {
  const path = migration.scripts[direction];
  if (path === undefined) {
    throw new StartError(
      `migration ${migration.version} ${migration.name} has no ${direction} file`,
    );
  }
  return readFile(path, 'utf8');
}
