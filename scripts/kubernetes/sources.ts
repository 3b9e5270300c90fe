import { readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Module } from './modules.ts';

/** What k8s.io/api says about a type; the API server tells it to clients as a warning. */
export interface Announcement {
  /** `<apiVersion>/<kind>` */
  readonly key: string;
  /** Minor versions; undefined when nothing is announced. */
  readonly deprecated: number | undefined;
  readonly removed: number | undefined;
  /** What to use instead, as `<apiVersion>/<kind>`. */
  readonly replacement: string | undefined;
}

/** From folders such as `flowcontrol/v1` to API versions, whose groups have other names. */
export type GroupVersions = ReadonlyMap<string, string>;

const lifecycleFile = 'zz_generated.prerelease-lifecycle.go';

export async function readGroupVersions({ directory }: Module): Promise<GroupVersions> {
  const files = (await readdir(directory, { recursive: true })).filter((file) =>
    file.endsWith('/register.go'),
  );
  const entries = await Promise.all(
    files.map(async (file) => {
      const folder = dirname(file);
      const text = await readFile(join(directory, file), 'utf8');
      const group = /const GroupName = "([^"]*)"/.exec(text)?.[1];
      return group === undefined ? [] : [[folder, group] as const];
    }),
  );
  return new Map(
    entries.flat().map(([folder, group]) => {
      const version = folder.split('/').at(-1) ?? '';
      return [folder, group === '' ? version : `${group}/${version}`];
    }),
  );
}

/** Reads what the generator of Kubernetes writes from the tags `+k8s:prerelease-lifecycle-gen`. */
export async function readAnnouncements(
  { directory }: Module,
  groupVersions: GroupVersions,
): Promise<Announcement[]> {
  const announced = await Promise.all(
    [...groupVersions].map(async ([folder, apiVersion]) => {
      const text = await readOptional(join(directory, folder, lifecycleFile));
      const kinds = new Set(
        [...text.matchAll(/func \(in \*(\w+)\) API/g)].map(([, kind = '']) => kind),
      );
      return [...kinds].map((kind): Announcement => {
        const body = (what: string): string =>
          new RegExp(String.raw`func \(in \*${kind}\) APILifecycle${what}\(.*\{\n(.*)\n`).exec(
            text,
          )?.[1] ?? '';
        const minor = (what: string): number | undefined => {
          const found = /return 1, (\d+)/.exec(body(what))?.[1];
          return found === undefined ? undefined : Number(found);
        };
        const [, group, version, other = ''] =
          /Group: "([^"]*)", Version: "([^"]*)", Kind: "([^"]*)"/.exec(body('Replacement')) ?? [];
        return {
          key: `${apiVersion}/${kind}`,
          deprecated: minor('Deprecated'),
          removed: minor('Removed'),
          // The tags of networking.k8s.io/v1beta1 IngressClass name the list of the kind.
          replacement: version && [group, version, kindOf(other, kind)].filter(Boolean).join('/'),
        };
      });
    }),
  );
  return announced.flat();
}

/**
 * The beta resources that a server without `--runtime-config` serves, as `<apiVersion>/<resource>`, or
 * `<apiVersion>/*` for all of a version. Since 1.24 they are those of one list, which no new API may
 * enter (KEP-3136) and which is gone since it ran empty; 1.23 lists whole versions. No alpha is in either.
 */
export async function readBetasByDefault(
  { directory, version }: Module,
  groupVersions: GroupVersions,
): Promise<ReadonlySet<string>> {
  const text = await readFile(join(directory, 'pkg/controlplane/instance.go'), 'utf8');
  const aliases = new Map(
    [...text.matchAll(/^\t(\w+)\s+"k8s\.io\/(?:kubernetes\/pkg\/apis|api)\/(.+)"/gm)].map(
      ([, alias = '', folder = '']) => [alias, groupVersions.get(folder)],
    ),
  );
  const list =
    /(?:legacyBetaEnabledByDefaultResources = .*\{|ret\.EnableVersions\()\n((?:\t\t.*\n)+)/;
  const block = list.exec(text)?.[1];
  if (block === undefined && !text.includes('betaAPIGroupVersionsDisabledByDefault')) {
    throw new Error(`${version}: what is served by default is not said where it was before`);
  }
  const entry = /^\t\t(\w+)\.SchemeGroupVersion(?:\.WithResource\("(\w+)"\))?,/gm;
  return new Set(
    [...(block ?? '').matchAll(entry)].map(([, alias = '', resource = '*']) => {
      const apiVersion = aliases.get(alias);
      if (apiVersion === undefined) throw new Error(`${version}: what is ${alias}?`);
      return `${apiVersion}/${resource}`;
    }),
  );
}

function kindOf(other: string, kind: string): string {
  return other === `${kind}List` ? kind : other;
}

async function readOptional(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw error;
  }
}
