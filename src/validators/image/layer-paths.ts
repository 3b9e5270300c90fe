import { posix } from 'node:path';

/** `..` cannot climb above the root, which is how container runtimes resolve it. */
export function insideRoot(path: string): string {
  const bare = path.endsWith('/') ? path.slice(0, -1) : path;
  if (isPlain(bare)) return bare;
  return posix.normalize(`/${path}`).replace(/^\/+|\/+$/g, '');
}

export function leavesRoot(path: string): boolean {
  return path.includes('..') && /^\.\.(?:\/|$)/.test(posix.normalize(path));
}

/** Whether a path needs no normalising: no name in it is empty, `.` or `..`. */
function isPlain(path: string): boolean {
  for (let start = 0; ; ) {
    const slash = path.indexOf('/', start);
    const end = slash === -1 ? path.length : slash;
    const isDots =
      path[start] === '.' && (end - start === 1 || (end - start === 2 && path[start + 1] === '.'));
    if (end === start || isDots) return false;
    if (slash === -1) return true;
    start = slash + 1;
  }
}

/** How many names a path has. */
export function depthOf(path: string): number {
  let depth = 1;
  for (let at = path.indexOf('/'); at !== -1; at = path.indexOf('/', at + 1)) depth++;
  return depth;
}
