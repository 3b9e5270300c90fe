import { listOf, type PackageFile } from '../package.ts';

const metadata = /(?:^|\/)[^/]+(?:\.dist-info\/METADATA|\.egg-info\/PKG-INFO|\.egg-info)$/;

const names = ['/METADATA', '/PKG-INFO', '.egg-info'];

/**
 * The metadata that installers leave: https://packaging.python.org/specifications/core-metadata/, and the
 * older `.egg-info`. Only its head is of interest; a description of any length follows.
 */
export const python: PackageFile = {
  wants: (path) =>
    names.some((name) => path.endsWith(name)) && metadata.test(path) ? 64 * 1024 : 0,
  read(bytes) {
    const [head = ''] = bytes.toString('utf8').split(/\r?\n\r?\n/, 1);
    const fieldIn = (key: string) =>
      new RegExp(`^${key}:[ \\t]*(\\S.*)$`, 'im').exec(head)?.[1]?.trim() ?? '';
    const name = fieldIn('Name');
    const version = fieldIn('Version');
    return listOf(name && version ? [{ type: 'pypi', name, version }] : []);
  },
};
