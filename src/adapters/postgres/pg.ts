import { createClientEnvironment } from './client-environment.ts';
import { openDatabase } from './database.ts';
import type { Postgres } from './postgres.ts';
import { refusalOf } from './refusal.ts';
import { databaseSettings, describeSettings, type Surroundings } from './settings.ts';

/** PostgreSQL through `pg`. */
export function createPostgres(surroundings: Surroundings): Postgres {
  return {
    settings: (source) => databaseSettings(source, surroundings),
    describe: describeSettings,
    clientEnvironment: createClientEnvironment,
    connect: openDatabase,
    refusal: refusalOf,
  };
}
