import {
  cutOff,
  type InstalledPackage,
  listOf,
  type PackageFile,
  type PackageList,
  programOf,
} from '../package.ts';

const mebibyte = 1024 * 1024;

/**
 * The status of dpkg (deb822(5), dpkg(1) "Package states"); images without dpkg, such as Distroless, have one
 * file for each package in `status.d`.
 */
export const dpkg: PackageFile = {
  wants(path) {
    if (!path.startsWith('var/lib/dpkg/')) return 0;
    if (isFileList(path)) return 16 * mebibyte;
    if (path === 'var/lib/dpkg/status') return 64 * mebibyte;
    return /^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) ? mebibyte : 0;
  },
  read(bytes, path, isWhole) {
    if (isFileList(path)) return programsOf(bytes.toString('utf8'), isWhole);
    const packages: InstalledPackage[] = [];
    let fields = new Map<string, string>();
    const close = () => {
      const name = fields.get('Package');
      const version = fields.get('Version');
      // What was removed and kept its settings stays in the file.
      const isInstalled = /(?:^|\s)installed$/.test(fields.get('Status') ?? 'installed');
      if (name && version && isInstalled) packages.push({ type: 'deb', name, version });
      fields = new Map();
    };
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line.trim() === '') close();
      // A line that begins with a blank goes on with the field before it, which is none of ours.
      else if (line[0] !== ' ' && line[0] !== '\t') {
        const colon = line.indexOf(':');
        if (colon > 0) fields.set(line.slice(0, colon), line.slice(colon + 1).trim());
      }
    }
    if (isWhole) close();
    return listOf(packages, isWhole ? null : cutOff);
  },
};

/**
 * Of a package: paths alone, or behind the digests of their contents where there is no dpkg. And what makes way for a file
 * of another package (dpkg-divert(1)), under both of its names.
 */
function isFileList(path: string): boolean {
  return /^var\/lib\/dpkg\/(?:diversions|info\/[^/]+\.list|status\.d\/[^/]+\.md5sums)$/.test(path);
}

function programsOf(text: string, isWhole: boolean): PackageList {
  const programs = text
    .split('\n')
    .flatMap((line) => programOf(line.replace(/^[0-9a-f]{32} +/, '')) ?? []);
  return { packages: [], programs, unread: isWhole ? null : cutOff };
}
