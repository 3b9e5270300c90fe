import { cutOff, listOf, type PackageFile, unread } from '../package.ts';
import { readHeader } from './header.ts';
import { rowsOf, SqliteError } from './sqlite.ts';

const folders = '(?:var/lib/rpm|usr/lib/sysimage/rpm|usr/share/rpm)';
const sqlite = new RegExp(`^${folders}/rpmdb\\.sqlite$`);
/** What the formats before and beside SQLite are called. */
const others = new RegExp(`^${folders}/Packages(?:\\.db)?$`);

const names = ['/rpmdb.sqlite', '/Packages', '/Packages.db'];

/** The database of rpm: SQLite since 4.16, which is Fedora 33 and Red Hat 9. */
export const rpm: PackageFile = {
  wants(path) {
    if (!names.some((name) => path.endsWith(name))) return 0;
    if (sqlite.test(path)) return 256 * 1024 * 1024;
    return others.test(path) ? 1 : 0;
  },
  read(bytes, path, isWhole) {
    if (!sqlite.test(path)) {
      const format = path.endsWith('.db') ? 'ndb' : 'Berkeley DB';
      return unread(`the database of rpm is in the format ${format}, which is not read`);
    }
    if (!isWhole) return unread(cutOff);
    try {
      const packages = [...rowsOf(bytes, 'Packages')].flatMap(([, blob]) =>
        Buffer.isBuffer(blob) ? (readHeader(blob) ?? []) : [],
      );
      return listOf(packages);
    } catch (error) {
      if (error instanceof SqliteError) return unread(error.message);
      throw error;
    }
  },
};
