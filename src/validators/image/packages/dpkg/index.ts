import { cutOff, type InstalledPackage, listOf, type PackageFile } from '../package.ts';

const mebibyte = 1024 * 1024;

/**
 * The status of dpkg (deb822(5), dpkg(1) "Package states"); images without dpkg, such as Distroless, have one
 * file for each package in `status.d`.
 */
export const dpkg: PackageFile = {
  wants(path) {
    if (!path.startsWith('var/lib/dpkg/status')) return 0;
    if (path === 'var/lib/dpkg/status') return 64 * mebibyte;
    return /^var\/lib\/dpkg\/status\.d\/[^/]+$/.test(path) && !path.endsWith('.md5sums')
      ? mebibyte
      : 0;
  },
  read(bytes, _path, isWhole) {
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
