import type { Image } from './image.ts';

/** Who a container's first process is. */
export interface ResolvedUser {
  readonly uid: number;
  /** Undefined when it depends on files the image lacks. */
  readonly gid: number | undefined;
  /** Of the files' groups: its own, and those that /etc/group adds where the image names no group. */
  readonly groups: readonly number[];
  /** How the number was found. */
  readonly by: 'number' | 'name';
}

export interface PasswdLine {
  readonly name: string;
  /** `x` where /etc/shadow holds the hash; empty where none is asked for. */
  readonly password: string;
  readonly uid: number;
  readonly gid: number;
  readonly shell: string;
}

/** passwd(5), with the lines that runtimes skip left out. */
export function passwdOf(image: Image): PasswdLine[] {
  return linesOf(image, 'etc/passwd').flatMap(([name, password = '', uid, gid, , , shell = '']) =>
    name !== undefined && isNumber(uid) && isNumber(gid)
      ? [{ name, password, uid: Number(uid), gid: Number(gid), shell }]
      : [],
  );
}

/** Undefined when the container could not start, because no such user is known. */
export function resolveUser(image: Image, user: string): ResolvedUser | undefined {
  const [name = '', group = ''] = user.split(':');
  const wanted = name === '' ? '0' : name;
  // Docker and containerd look for the word as a name first: a user may be called 1000 and be root.
  const line = passwdOf(image).find(
    (entry) => entry.name === wanted || String(entry.uid) === wanted,
  );
  if (line) {
    const by = isNumber(wanted) && line.name !== wanted ? 'number' : 'name';
    const gid = group ? resolveGroup(image, group) : line.gid;
    const more = group ? [] : groupsOf(image, line.name);
    return { uid: line.uid, gid, groups: own(gid, more), by };
  }
  // `00`, `+0` and `-0` are numbers to Go's strconv.Atoi, which reads them.
  if (!/^[+-]?\d+$/.test(wanted)) return undefined;
  const gid = group ? resolveGroup(image, group) : 0;
  return { uid: Math.abs(Number(wanted)), gid, groups: own(gid, []), by: 'number' };
}

function own(gid: number | undefined, more: readonly number[]): readonly number[] {
  return gid === undefined ? more : [gid, ...more];
}

/** group(5): those that list a user as a member. */
function groupsOf(image: Image, user: string): number[] {
  return linesOf(image, 'etc/group').flatMap(([, , gid, members = '']) =>
    isNumber(gid) && members.split(',').includes(user) ? [Number(gid)] : [],
  );
}

function resolveGroup(image: Image, group: string): number | undefined {
  const line = linesOf(image, 'etc/group').find(([name, , gid]) => name === group || gid === group);
  const number = line?.[2] ?? group;
  return isNumber(number) ? Number(number) : undefined;
}

/** Lines of a file of fields with colons between. */
export function linesOf(image: Image, path: string): string[][] {
  return textAt(image, path)
    .split('\n')
    .map((line) => line.trim().split(':'));
}

/** The text of a file that is kept for checks, through links; empty when it is not there. */
export function textAt(image: Image, path: string): string {
  const file = image.filesystem.lookup(path);
  return (file && image.layers[file.layer]?.texts.get(file.index)) ?? '';
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
