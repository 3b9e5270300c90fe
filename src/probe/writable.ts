import type { Change } from '../adapters/docker/container.ts';

/** What every container has that is no folder of its image, and what an empty folder would take away. */
const never = [
  '/',
  '/bin',
  '/boot',
  '/dev',
  '/etc',
  '/lib',
  '/lib64',
  '/proc',
  '/sbin',
  '/sys',
  '/usr',
];
/** The engine makes these for every container. */
const engines = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf', '/etc/mtab', '/.dockerenv'];
/** More folders than this are no longer a few places to write to. */
const most = 12;

const isBelow = (path: string, folder: string): boolean => path.startsWith(`${folder}/`);

const parentOf = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/';

/**
 * The topmost paths that a container wrote to. That a folder is modified says only that something in it changed,
 * which is listed, too.
 * @param mounted folders that are mounted; the engine makes them in the container
 */
export function writtenPaths(changes: readonly Change[], mounted: readonly string[]): string[] {
  const isMount = (path: string) =>
    mounted.some((mount) => path === mount || isBelow(path, mount) || isBelow(mount, path));
  const paths = changes
    .filter(({ path, kind }) => !(kind === 'added' && isMount(path)))
    .filter(({ path, kind }) => kind !== 'modified' || !changes.some((c) => isBelow(c.path, path)))
    .map(({ path }) => path)
    .filter((path) => !engines.includes(path) && !isBelow(path, '/dev') && path !== '/dev')
    .sort();
  return paths.filter((path) => !paths.some((other) => isBelow(path, other)));
}

/**
 * Folders that have to be writable for the same to be written again: those that what was written lies in.
 * @returns undefined when an empty folder cannot stand there, or they are too many
 */
export function writableFolders(written: readonly string[]): string[] | undefined {
  const folders = [...new Set(written.map(parentOf))].sort();
  const topmost = folders.filter((path) => !folders.some((other) => isBelow(path, other)));
  if (topmost.length > most || topmost.some((path) => never.includes(path))) return undefined;
  return topmost;
}
