import { Fault } from '../../core/fault.ts';
import { compareVersions, minorOf } from './lifecycle.ts';
import type { ManifestSet } from './load.ts';
import { type KubernetesApi, readSchemaPool, type SchemaPool } from './schema-pool.ts';

/** The versions of Kubernetes that a set has to be valid for. */
export interface KubeTargets {
  readonly pool: SchemaPool;
  /** Each once, oldest first; never none. */
  readonly apis: readonly KubernetesApi[];
}

/**
 * The versions the set names, otherwise the newest known: an old one would pass what clusters of today
 * refuse.
 * @throws Fault `config-invalid` for a version whose schemas are not here, `data-missing`
 */
export async function kubeTargetsOf({
  kubeVersions,
}: Pick<ManifestSet, 'kubeVersions'>): Promise<KubeTargets> {
  const pool = await readSchemaPool();
  const wanted = kubeVersions.length > 0 ? kubeVersions : [undefined];
  const apis = new Map(
    wanted.map((version) => {
      const api = pool.api(version);
      if (api) return [api.version, api] as const;
      const known = pool.versions.join(', ');
      throw new Fault('config-invalid', `Kubernetes ${version} is not known here; known: ${known}`);
    }),
  );
  return {
    pool,
    apis: [...apis.values()].sort((a, b) => compareVersions(a.version, b.version)),
  };
}

/** The oldest and the newest minor version of Kubernetes 1 that a set has to be valid for. */
export interface MinorRange {
  readonly oldest: number;
  readonly newest: number;
}

/** @throws Fault as {@link kubeTargetsOf} does */
export async function minorRangeOf(set: Pick<ManifestSet, 'kubeVersions'>): Promise<MinorRange> {
  const minors = (await kubeTargetsOf(set)).apis.map(({ version }) => minorOf(version) ?? 0);
  return { oldest: minors.at(0) ?? 0, newest: minors.at(-1) ?? 0 };
}

/** `1.33, 1.34 and 1.36` */
export function versionsText(apis: readonly KubernetesApi[]): string {
  const versions = apis.map(({ version }) => version);
  return [versions.slice(0, -1).join(', '), versions.at(-1)].filter(Boolean).join(' and ');
}
