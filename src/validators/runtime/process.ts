import { capabilitiesOf } from './capabilities.ts';
import type { EnvironmentSeen, ProcessSeen } from './observation.ts';

/**
 * The main process by its files below /proc.
 * @param status proc_pid_status(5)
 * @param mountinfo proc_pid_mountinfo(5); undefined when it could not be read
 * @returns undefined for what is no such file
 */
export function processOf(status: string, mountinfo: string | undefined): ProcessSeen | undefined {
  const field = (name: string) => new RegExp(`^${name}:\\s*(.+)$`, 'm').exec(status)?.[1];
  // Real, effective, saved, file system.
  const uid = field('Uid')?.split(/\s+/)[1];
  const mask = field('CapEff');
  const gid = field('Gid')?.split(/\s+/)[1];
  const seccomp = field('Seccomp');
  if (uid === undefined || mask === undefined || !/^[0-9a-f]+$/i.test(mask)) return undefined;
  return {
    uid: Number(uid),
    ...(gid !== undefined && { gid: Number(gid) }),
    // 2: a filter; 1 is the strict mode of old.
    ...(seccomp !== undefined && { seccomp: seccomp === '2' }),
    capabilities: capabilitiesOf(mask),
    noNewPrivileges: field('NoNewPrivs') === '1',
    readOnlyRoot: mountinfo === undefined ? null : isReadOnlyRoot(mountinfo),
  };
}

/** @returns null when the root is not among the mounts */
function isReadOnlyRoot(mountinfo: string): boolean | null {
  // The last one mounted at a place is the one that is seen.
  const root = mountinfo.split('\n').findLast((line) => line.split(' ')[4] === '/');
  return root?.split(' ')[5]?.split(',').includes('ro') ?? null;
}

/**
 * What became of the declared variables.
 * @param declared by name; null where the value is not known or may change on the way
 * @param environ proc_pid_environ(5)
 */
export function environmentSeen(
  declared: ReadonlyMap<string, string | null>,
  environ: string,
): EnvironmentSeen {
  const found = new Map(
    environ.split('\0').flatMap((entry): [string, string][] => {
      const at = entry.indexOf('=');
      return at < 1 ? [] : [[entry.slice(0, at), entry.slice(at + 1)]];
    }),
  );
  const missing: string[] = [];
  const different: string[] = [];
  for (const [name, value] of declared) {
    const has = found.get(name);
    if (has === undefined) missing.push(name);
    else if (value !== null && has !== value) different.push(name);
  }
  return { declared: declared.size, missing, different };
}
