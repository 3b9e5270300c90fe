/** The ecosystems, by their names in package URLs. */
export type PackageType = 'deb' | 'apk' | 'rpm' | 'npm' | 'pypi' | 'golang';

/** A package that files of an image say is there. */
export interface InstalledPackage {
  readonly type: PackageType;
  /** As its ecosystem writes it: `@scope/name`, `github.com/owner/name`. */
  readonly name: string;
  readonly version: string;
}

/** What one file says. */
export interface PackageList {
  readonly packages: readonly InstalledPackage[];
  /** Programs in folders of the distribution that it says belong to a package; see {@link programOf}. */
  readonly programs?: readonly string[];
  /** Why it, or part of it, was not read; null when it was. */
  readonly unread: string | null;
}

/** A kind of file that lists packages: a folder below `packages/`. */
export interface PackageFile {
  /** Bytes from the start that are needed of such a file; 0 for every other file, which has to be cheap. */
  wants(path: string): number;
  /**
   * Bytes come from strangers: what is not understood is said in `unread`, and nothing is thrown.
   * @param isWhole false when the file has more bytes than were wanted
   */
  read(bytes: Buffer, path: string, isWhole: boolean): PackageList;
}

/** Packages of one file; real ones have some thousands. */
const maxPackages = 100_000;

/** Characters of a name or a version; npm allows 214, and Go paths are not much longer. */
const maxText = 512;

export function listOf(
  packages: readonly InstalledPackage[],
  unread: string | null = null,
): PackageList {
  const sound = packages.filter(
    ({ name, version }) => name !== '' && name.length <= maxText && version.length <= maxText,
  );
  return sound.length <= maxPackages
    ? { packages: sound, unread }
    : {
        packages: sound.slice(0, maxPackages),
        unread: `it lists more than ${maxPackages} packages`,
      };
}

/**
 * A path below the folders that distributions put programs in, from the root and without `usr/`: where these are
 * merged, a package may name a file by either. Undefined for every other path.
 */
export function programOf(path: string): string | undefined {
  return /^\/?(?:usr\/)?(s?bin\/[^/]+)$/.exec(path)?.[1];
}

export function saysAnything({ packages, programs = [], unread: why }: PackageList): boolean {
  return packages.length > 0 || programs.length > 0 || why !== null;
}

export function unread(why: string): PackageList {
  return { packages: [], unread: why };
}

export const cutOff = 'it is longer than what is read of such a file';
