import { homedir } from 'node:os';
import { join } from 'node:path';

/** Folder for what can be made again, as https://specifications.freedesktop.org/basedir-spec says. */
export function cacheFolder(environment: Readonly<Record<string, string | undefined>>): string {
  const base = environment.XDG_CACHE_HOME || join(homedir(), '.cache');
  return join(base, 'deploycheck');
}
