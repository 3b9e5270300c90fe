import {
  type Applied,
  type AppliedTable,
  appliedMigrations,
  asApplied,
  withoutZeros,
} from '../../migrations/applied.ts';
import type { MigrationFiles } from '../../migrations/layout.ts';
import {
  isCatalogOnly,
  isExpandOnly,
  type Loss,
  lossesOf,
  statementsOf,
} from '../../migrations/statements.ts';
import type { MigrationPlan, MigrationStep } from './observation.ts';

/** What the versions of the release to go back to are known from. */
export type Boundary =
  | { readonly by: 'files'; readonly versions: ReadonlySet<string>; readonly from: string }
  /** RFC 3339: what was applied later belongs to a later release. */
  | { readonly by: 'time'; readonly after: string }
  /** What is not applied yet belongs to the release that is about to come. */
  | { readonly by: 'table' }
  | { readonly by: 'nothing' };

export interface BetweenInput {
  readonly migrations: readonly MigrationFiles[];
  readonly text: (file: string) => string;
  /** Shown before the name of a file. */
  readonly folder: string;
  readonly applied: AppliedTable | undefined;
  readonly boundary: Boundary;
}

type Between = Pick<MigrationPlan, 'state' | 'why' | 'boundary' | 'steps'>;

/** The migrations that the running release has applied and the one to go back to does not know. */
export function migrationsBetween(input: BetweenInput): Between {
  const { migrations, applied, boundary } = input;
  const open = (why: string): Between => ({ state: 'unknown', why, boundary: '', steps: [] });
  if (boundary.by === 'nothing') {
    return open(
      'which of them belong to the version to go back to is not known; name its folder or git ref with --from',
    );
  }
  if (boundary.by === 'table') {
    if (!applied) return open('no database tells which of them are applied');
    const known = new Set(appliedMigrations(applied, migrations).map(({ version }) => version));
    const coming = migrations.map(asApplied).filter(({ version }) => !known.has(version));
    return {
      state: 'known',
      why: '',
      boundary: `not applied yet, as ${applied.table} says`,
      steps: coming.map((entry) => stepOf(entry, input)).reverse(),
    };
  }
  const inPlace = applied ? appliedMigrations(applied, migrations) : migrations.map(asApplied);
  if (boundary.by === 'time') {
    if (!applied || inPlace.some(({ at }) => at === null)) {
      return open('no database tells when they were applied; name the version with --from');
    }
    const steps = inPlace.filter(({ at }) => at !== null && at > boundary.after);
    return {
      state: 'known',
      why: '',
      boundary: `applied after ${boundary.after}, when the version to go back to was rolled out`,
      steps: steps.map((entry) => stepOf(entry, input)).reverse(),
    };
  }
  const steps = inPlace.filter(({ version }) => !boundary.versions.has(version));
  const guess = applied ? '' : '; no database is configured, so all of them count as applied';
  return {
    state: 'known',
    why: '',
    boundary: `not in ${boundary.from}${guess}`,
    steps: steps.map((entry) => stepOf(entry, input)).reverse(),
  };
}

function stepOf(
  { version, at }: Applied,
  { migrations, text, folder }: BetweenInput,
): MigrationStep {
  const files = migrations.find((entry) => withoutZeros(entry.version) === version);
  const down = files?.down ?? null;
  const statements = down === null ? [] : statementsOf(text(down));
  const up = files?.up ? statementsOf(text(files.up)) : [];
  const losses: readonly Loss[] = lossesOf(statements);
  return {
    version: files?.version ?? version,
    name: files?.name ?? '(not among the files)',
    down: down === null ? 'missing' : statements.length === 0 ? 'empty' : 'present',
    file: down === null ? null : `${folder}/${down}`,
    up: files?.up ? `${folder}/${files.up}` : null,
    losses,
    takes: lossesOf(up),
    catalogOnly: isCatalogOnly(statements),
    expandOnly: isExpandOnly(up),
    appliedAt: at,
  };
}
