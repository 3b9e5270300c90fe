import { posix } from 'node:path';

/** Of the kernel, and what the system itself consists of: nothing of an application belongs in them. */
const withAllBelow = ['/proc', '/sys', '/dev', '/boot'];
const themselves = [
  '/',
  '/bin',
  '/sbin',
  '/lib',
  '/lib64',
  '/etc',
  '/usr',
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/var',
  '/run',
];

/** Whether a folder belongs to the system, so that working in it or mounting over it does harm. */
export function isSystemFolder(path: string): boolean {
  const plain = posix.normalize(path).replace(/(?<=.)\/$/, '');
  return (
    themselves.includes(plain) ||
    withAllBelow.some((folder) => plain === folder || plain.startsWith(`${folder}/`))
  );
}
