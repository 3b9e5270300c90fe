import { posix } from 'node:path';

/** Files whose text some check reads, by path or by name. */
const textPaths = new Set([
  'etc/passwd',
  'etc/group',
  'etc/shadow',
  'etc/ld.so.conf',
  'etc/os-release',
  'usr/lib/os-release',
]);
const textNames = new Set(['.npmrc', '.pypirc', '.netrc']);
/** Where loaders are told further folders of libraries. */
const textPattern = /^etc\/(?:ld\.so\.conf\.d\/[^/]+\.conf|ld-musl-[^/]+\.path)$/;

/** Authorities that a distribution trusts are not the application's certificates. */
const trustStore =
  /^(?:etc\/(?:ssl|pki|ca-certificates)|usr\/(?:local\/)?(?:share|lib)\/(?:ca-certificates|ssl|pki))\//;

export function isCertificateFile(path: string): boolean {
  return /\.(?:crt|cer|pem)$/.test(path) && !trustStore.test(path);
}

/** Bytes that are kept of such a file. */
export const textSize = 1024 * 1024;

/** Bytes of a file from which on it is worth knowing whether another one is the same. */
export const leastSummed = 1024 * 1024;

const none: ReadonlySet<string> = new Set();

/** How many of a file's first bytes a layer's one pass keeps as text for the checks, and for who asks for `more`. */
export function bytesWanted(path: string, more: ReadonlySet<string> = none): number {
  const isWanted =
    textPaths.has(path) ||
    more.has(path) ||
    textNames.has(posix.basename(path)) ||
    textPattern.test(path) ||
    isCertificateFile(path);
  return isWanted ? textSize : 0;
}

export function isExecutable(mode: number): boolean {
  return (mode & 0o111) !== 0;
}

/** Whether it is read how a file would be started: what may be executed, and what programs load. */
export function isProgramWanted(path: string, mode: number): boolean {
  return isExecutable(mode) || /\.so(?:\.[\w.]+)?$/.test(path);
}
