import type { Loss } from '../../migrations/statements.ts';

export interface MigrationStep {
  readonly version: string;
  readonly name: string;
  readonly down: 'present' | 'missing' | 'empty';
  /** Path of the down file; null when there is none. */
  readonly file: string | null;
  /** Path of the up file; null when there is none. */
  readonly up: string | null;
  /** What the down takes away. */
  readonly losses: readonly Loss[];
  /** What the up takes away, which no down brings back. */
  readonly takes: readonly Loss[];
  /** Whether PostgreSQL documents every statement of the down as a change to the catalog alone. */
  readonly catalogOnly: boolean;
  /** Whether the up adds and takes nothing away, so that the release before may run on its schema. */
  readonly expandOnly: boolean;
  readonly appliedAt: string | null;
}

export interface MigrationPlan {
  readonly service: string;
  /** Folder of the downs: those of the release that is running. */
  readonly folder: string;
  readonly layout: string;
  /** `none`: the service has no migrations. `unknown`: why says what could not be looked at. */
  readonly state: 'none' | 'known' | 'unknown';
  readonly why: string;
  /** How it is known what lies between the versions. */
  readonly boundary: string;
  /** Of applied migrations, with its schema; null when none was read. */
  readonly table: string | null;
  /** Whose table it is by its columns; null when none is told. */
  readonly tool: 'golang-migrate' | null;
  readonly dirty: boolean;
  /** Applied and unknown to the target version; newest first, the order of the downs. */
  readonly steps: readonly MigrationStep[];
}
