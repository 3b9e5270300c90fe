import type { Image } from './image.ts';

/** Who a container's first process is. */
export interface ResolvedUser {
  readonly uid: number;
  /** Undefined when it depends on files the image lacks. */
  readonly gid: number | undefined;
  /** How the number was found. */
  readonly by: 'number' | 'name';
}

interface PasswdLine {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
}

/** passwd(5), with the lines that runtimes skip left out. */
function passwdOf(image: Image): PasswdLine[] {
  return linesOf(image, 'etc/passwd').flatMap(([name, , uid, gid]) =>
    name !== undefined && isNumber(uid) && isNumber(gid)
      ? [{ name, uid: Number(uid), gid: Number(gid) }]
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
    return { uid: line.uid, gid: group ? resolveGroup(image, group) : line.gid, by };
  }
  // `00`, `+0` and `-0` are numbers to Go's strconv.Atoi, which reads them.
  if (!/^[+-]?\d+$/.test(wanted)) return undefined;
  const gid = group ? resolveGroup(image, group) : 0;
  return { uid: Math.abs(Number(wanted)), gid, by: 'number' };
}

function resolveGroup(image: Image, group: string): number | undefined {
  const line = linesOf(image, 'etc/group').find(([name, , gid]) => name === group || gid === group);
  const number = line?.[2] ?? group;
  return isNumber(number) ? Number(number) : undefined;
}

function linesOf(image: Image, path: string): string[][] {
  const file = image.filesystem.lookup(path);
  const text = file && image.layers[file.layer]?.texts.get(file.index);
  return (text ?? '').split('\n').map((line) => line.trim().split(':'));
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d+$/.test(text);
}
