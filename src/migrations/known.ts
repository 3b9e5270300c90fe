import { type AppliedTable, appliedMigrations, withoutZeros } from './applied.ts';
import type { MigrationFolder } from './folder.ts';
import type { MigrationFiles } from './layout.ts';
import type { MigrationSeen } from './observation.ts';
import { reachesOutside } from './outside.ts';
import { statementsOf } from './statements.ts';
import type { Script, Steppable } from './walk.ts';

/** A migration of the folder, with what is to be known before it is run. */
export interface Known extends Steppable {
  readonly files: MigrationFiles;
  /** There is a down file, and no statement in it. */
  readonly downEmpty: boolean;
  /** Why it must not be run here: undefined when nothing in it leaves its database. */
  readonly outside: string | undefined;
}

export function knownOf(files: MigrationFiles, { folder, text }: MigrationFolder): Known {
  const script = (file: string | null): Script | null =>
    file === null ? null : { file: `${folder}/${file}`, text: text(file) };
  const [up, down] = [script(files.up), script(files.down)];
  const statements = (of: Script | null) => (of ? statementsOf(of.text) : []);
  const downEmpty = down !== null && statements(down).length === 0;
  const [outside] = [up, down].flatMap((of) => {
    const found = reachesOutside(statements(of));
    if (!of || !found) return [];
    return [`${of.file}:${found.line} reaches beyond its database: ${found.text.slice(0, 80)}`];
  });
  const id = `${files.version}_${files.name}`;
  return { id, files, up, down: downEmpty ? null : down, downEmpty, outside };
}

export function seenOf({ id, files, downEmpty }: Known, folder: string, ofRelease: boolean) {
  const path = (file: string | null) => (file === null ? null : `${folder}/${file}`);
  const seen: MigrationSeen = {
    ...{ id, up: path(files.up), down: path(files.down), downEmpty, ofRelease },
  };
  return seen;
}

export interface Brought {
  /** In place before them, oldest first. */
  readonly before: readonly Known[];
  /** What the release brings; when all of it is in place already, the newest. */
  readonly brought: readonly Known[];
  readonly inPlace: boolean;
}

/** Splits the migrations by what a database has applied. */
export function broughtTo(known: readonly Known[], applied: AppliedTable | undefined): Brought {
  const files = known.map((entry) => entry.files);
  const versions = new Set(
    (applied ? appliedMigrations(applied, files) : []).map(({ version }) => version),
  );
  const isApplied = ({ files: { version } }: Known) => versions.has(withoutZeros(version));
  const pending = known.filter((entry) => !isApplied(entry));
  if (pending.length > 0) {
    return { before: known.filter(isApplied), brought: pending, inPlace: false };
  }
  return { before: known.slice(0, -1), brought: known.slice(-1), inPlace: true };
}
