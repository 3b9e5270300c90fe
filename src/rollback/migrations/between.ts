import { type Applied, type AppliedTable, withoutZeros } from './applied.ts';
import type { MigrationFiles } from './layout.ts';
import type { Loss, MigrationPlan, MigrationStep } from './observation.ts';
import { isCatalogOnly, isExpandOnly, lossesOf, statementsOf } from './statements.ts';

/** What the versions of the release to go back to are known from. */
export type Boundary =
  | { readonly by: 'files'; readonly versions: ReadonlySet<string>; readonly from: string }
  /** RFC 3339: what was applied later belongs to a later release. */
  | { readonly by: 'time'; readonly after: string }
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
  const inPlace = applied ? appliedVersions(applied, migrations) : migrations.map(asApplied);
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

function asApplied({ version }: MigrationFiles): Applied {
  return { version: withoutZeros(version), at: null };
}

function appliedVersions(
  { applied, upTo }: AppliedTable,
  migrations: readonly MigrationFiles[],
): readonly Applied[] {
  const sorted = applied.toSorted((a, b) => compare(a.version, b.version));
  const last = sorted.at(-1);
  if (!upTo || last === undefined) return sorted;
  const known = migrations
    .map(asApplied)
    .filter(({ version }) => compare(version, last.version) <= 0);
  return known.some(({ version }) => version === last.version) ? known : [...known, last];
}

function compare(a: string, b: string): number {
  return a.length - b.length || (a < b ? -1 : a > b ? 1 : 0);
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
    losses,
    catalogOnly: isCatalogOnly(statements),
    expandOnly: isExpandOnly(up),
    appliedAt: at,
  };
}
