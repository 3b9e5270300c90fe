import { parseObject, textOf } from '../../../../core/json.ts';
import { listOf, type PackageFile, unread } from '../package.ts';

const manifest = /(?:^|\/)node_modules\/(?:@[^/]+\/)?[^/@.][^/]*\/package\.json$/;

/** What npm, yarn and pnpm install: https://docs.npmjs.com/cli/configuring-npm/folders */
export const npm: PackageFile = {
  wants: (path) => (path.endsWith('/package.json') && manifest.test(path) ? 1024 * 1024 : 0),
  read(bytes, _path, isWhole) {
    if (!isWhole) return unread('it is longer than a package.json is');
    const json = parseObject(bytes.toString('utf8'));
    const name = textOf(json?.name);
    const version = textOf(json?.version);
    // A folder of node_modules without a name or a version was not installed from anywhere.
    return listOf(name && version ? [{ type: 'npm', name, version }] : []);
  },
};
