import type { Part } from '../part.ts';
import { postgres15Tools, postgresServer } from './postgres.ts';

/**
 * Tools that back up whole clusters. Nothing to start: a test makes a cluster of its own for them, as
 * they work on its data directory and as the user who owns it.
 */
export const pgbackrest: Part = {
  name: 'pgbackrest',
  title: 'pgBackRest',
  variable: 'DEPLOYCHECK_TEST_PGBACKREST',
  programs: [{ program: 'pgbackrest', package: 'pgbackrest' }, postgresServer],
  start: async () => ({ DEPLOYCHECK_TEST_PGBACKREST: postgres15Tools }),
};

export const barman: Part = {
  name: 'barman',
  title: 'Barman',
  variable: 'DEPLOYCHECK_TEST_BARMAN',
  programs: [{ program: 'barman', package: 'barman' }, postgresServer],
  start: async () => ({ DEPLOYCHECK_TEST_BARMAN: postgres15Tools }),
};
