import { cutOff, type InstalledPackage, listOf, type PackageFile, programOf } from '../package.ts';

/** https://wiki.alpinelinux.org/wiki/Apk_spec#Installed_Database_V2 */
export const apk: PackageFile = {
  wants: (path) =>
    path === 'lib/apk/db/installed' || path === 'usr/lib/apk/db/installed' ? 64 * 1024 * 1024 : 0,
  read(bytes, _path, isWhole) {
    const packages: InstalledPackage[] = [];
    let name = '';
    let version = '';
    let folder = '';
    const programs: string[] = [];
    const close = () => {
      if (name && version) packages.push({ type: 'apk', name, version });
      name = '';
      version = '';
    };
    for (const line of bytes.toString('utf8').split('\n')) {
      if (line === '') close();
      else if (line.startsWith('P:')) name = line.slice(2).trim();
      else if (line.startsWith('V:')) version = line.slice(2).trim();
      else if (line.startsWith('F:')) folder = line.slice(2);
      else if (line.startsWith('R:')) {
        const program = programOf(`${folder}/${line.slice(2)}`);
        if (program !== undefined) programs.push(program);
      }
    }
    if (isWhole) close();
    return { ...listOf(packages, isWhole ? null : cutOff), programs };
  },
};
