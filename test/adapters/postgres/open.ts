import { createPostgres } from '../../../src/adapters/postgres/pg.ts';
import type { Database, DatabaseSettings } from '../../../src/adapters/postgres/postgres.ts';

/** An adapter that sees nothing of the machine's own environment and home folder. */
export const postgres = createPostgres({
  env: {},
  home: '/nonexistent',
  register: () => undefined,
});

export const never = new AbortController().signal;

export async function open(url: string, change?: Partial<DatabaseSettings>): Promise<Database> {
  return postgres.connect({ ...(await postgres.settings({ url })), ...change }, never);
}

/** The same database through another port of this machine. */
export function through(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}
