import { inspect } from 'node:util';
import { readDatabaseUrl, readServerSettings, StartError } from './config.ts';
import { logInfo } from './log.ts';
import { migrate } from './migrate.ts';
import { serve } from './serve.ts';
import type { Release } from './shop.ts';

/** Relative to the working directory: the release folder, or /app in the image. */
const migrationsFolder = 'migrations';

const usage = 'usage: shop [serve] | shop migrate up|down [N]';

/** The command line of the service. */
export async function run(release: Release): Promise<void> {
  try {
    await dispatch(release, process.argv.slice(2));
  } catch (error) {
    const message = error instanceof StartError ? error.message : inspect(error);
    process.stderr.write(`shop: ${message}\n`);
    process.exitCode = 1;
  }
}

async function dispatch(release: Release, args: readonly string[]): Promise<void> {
  const [command = 'serve', direction, count, ...rest] = args;
  if (command === 'serve' && direction === undefined) {
    return serve(release, readServerSettings(process.env));
  }
  const isDirection = direction === 'up' || direction === 'down';
  if (command !== 'migrate' || !isDirection || rest.length > 0) throw new StartError(usage);
  // Down without a number takes one step: everything would be the loss of all data.
  const limit = count === undefined ? (direction === 'up' ? Infinity : 1) : Number(count);
  if (Number.isNaN(limit) || limit < 1) throw new StartError(usage);
  const done = await migrate(readDatabaseUrl(process.env), migrationsFolder, direction, limit);
  logInfo('migrated', { direction, versions: done });
}
