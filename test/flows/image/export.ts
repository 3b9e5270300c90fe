import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import type { Image } from '../../../src/validators/image/image.ts';

/** By path: type and mode as `ls` shows them, owner, size or device, target. */
export type Listing = Readonly<Record<string, string>>;

/** What an engine puts into every container. */
const ofTheEngine = /^(?:\.dockerenv|dev|proc|sys|etc)(?:\/|$)/;

/** The file system of a container of an image, as `docker export` and GNU tar show it. */
export async function exported(host: string, image: string): Promise<Listing> {
  const docker = (...args: readonly string[]) =>
    execFileSync('docker', ['--host', host, ...args], { encoding: 'utf8' }).trim();
  const container = docker('create', image, '/none');
  try {
    const archive = spawn('docker', ['--host', host, 'export', container]);
    const list = spawn('tar', ['--numeric-owner', '--quoting-style=escape', '-tvf', '-'], {
      env: { ...process.env, LC_ALL: 'C' },
    });
    archive.stdout.pipe(list.stdin);
    const [lines] = await Promise.all([
      text(list.stdout),
      once(archive, 'exit'),
      once(list, 'exit'),
    ]);
    return listingOf(lines);
  } finally {
    docker('rm', container);
  }
}

/** `-rwxr-xr-x 0/0 12 2026-01-01 00:00 name -> target` */
const line =
  /^(?<type>.)(?<mode>\S{9})\S* (?<owner>\d+\/\d+) +(?<size>\d+(?:,\d+)?) \S+ \S+ (?<name>.*?)(?: (?:->|link to) (?<target>.*))?$/;

function listingOf(lines: string): Listing {
  const found: Record<string, string> = {};
  for (const text of lines.split('\n').filter((one) => one !== '')) {
    const groups = line.exec(text)?.groups;
    if (!groups) throw new Error(`tar lists what is not understood: ${text}`);
    const { type = '', mode = '', owner = '', size = '', target = '' } = groups;
    const path = (groups.name ?? '').replace(/\/$/, '');
    if (ofTheEngine.test(path)) continue;
    // A second name of a file is listed as a link to the first.
    const first = type === 'h' ? found[target] : undefined;
    const bytes = 'cb'.includes(type) ? '0' : size;
    found[path] = first ?? `${type}${mode} ${owner} ${bytes}${type === 'l' ? ` ${target}` : ''}`;
  }
  return found;
}

const letters = {
  file: '-',
  directory: 'd',
  symlink: 'l',
  hardlink: 'h',
  'character-device': 'c',
  'block-device': 'b',
  fifo: 'p',
  other: '?',
} as const;

/** The same of an image that was read. */
export function listed(image: Image): Listing {
  const found: Record<string, string> = {};
  for (const { path, entry } of image.filesystem.nodes()) {
    if (path === '' || ofTheEngine.test(path)) continue;
    const { type, mode, uid, gid, size, linkname } = entry;
    const target = type === 'symlink' ? ` ${escaped(linkname)}` : '';
    // Every link has all bits, whatever its archive says.
    const bits = type === 'symlink' ? 0o777 : mode;
    found[escaped(path)] = `${letters[type]}${modeText(bits)} ${uid}/${gid} ${size}${target}`;
  }
  return found;
}

/** As GNU tar writes what is not printable ASCII. */
function escaped(name: string): string {
  return [...Buffer.from(name)]
    .map((byte) =>
      byte === 0x5c
        ? '\\\\'
        : byte > 0x1f && byte < 0x7f
          ? String.fromCharCode(byte)
          : `\\${byte.toString(8).padStart(3, '0')}`,
    )
    .join('')
    .replaceAll('\\012', '\\n')
    .replaceAll('\\011', '\\t');
}

function modeText(mode: number): string {
  const bits = (shift: number, special: boolean, letter: string) => {
    const [read, write, execute] = [4, 2, 1].map((bit) => ((mode >> shift) & bit) !== 0);
    const last = special ? (execute ? letter : letter.toUpperCase()) : execute ? 'x' : '-';
    return `${read ? 'r' : '-'}${write ? 'w' : '-'}${last}`;
  };
  return [
    bits(6, (mode & 0o4000) !== 0, 's'),
    bits(3, (mode & 0o2000) !== 0, 's'),
    bits(0, (mode & 0o1000) !== 0, 't'),
  ].join('');
}
