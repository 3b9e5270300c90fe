import { execa } from 'execa';
import { z } from 'zod';

/**
 * A late patch release of every minor version; patches hardly change an API. The module k8s.io/api has
 * the same numbers with a leading 0.
 */
const releases = [
  '1.23.17',
  '1.24.17',
  '1.25.16',
  '1.26.15',
  '1.27.16',
  '1.28.15',
  '1.29.15',
  '1.30.14',
  '1.31.14',
  '1.32.13',
  '1.33.13',
  '1.34.8',
  '1.35.6',
  '1.36.4',
  '1.37.1',
] as const;

/** A Go module, in the cache of modules. */
export interface Module {
  readonly path: string;
  readonly version: string;
  readonly directory: string;
  /** `h1:` hash of the module's zip, as go.sum records it. */
  readonly sum: string;
}

/** What one minor version is read from. */
export interface Release {
  readonly minor: number;
  /** k8s.io/kubernetes: documents of the API, and which of it is served by default. */
  readonly server: Module;
  /** k8s.io/api: since when types are deprecated, and what replaces them. */
  readonly types: Module;
}

const downloadSchema = z.object({
  Path: z.string(),
  Version: z.string(),
  Dir: z.string(),
  Sum: z.string(),
});

async function download(module: string): Promise<Module> {
  const { stdout } = await execa('go', ['mod', 'download', '-json', module]);
  const { Path, Version, Dir, Sum } = downloadSchema.parse(JSON.parse(stdout));
  return { path: Path, version: Version, directory: Dir, sum: Sum };
}

/** One after the other: `go` unpacks about 100 MB for each into its cache. */
export async function downloadReleases(): Promise<Release[]> {
  const found: Release[] = [];
  for (const release of releases) {
    const [, minor = ''] = release.split('.');
    found.push({
      minor: Number(minor),
      server: await download(`k8s.io/kubernetes@v${release}`),
      types: await download(`k8s.io/api@v${release.replace('1.', '0.')}`),
    });
  }
  return found;
}
