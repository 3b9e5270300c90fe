import type { Config } from '../config/load.ts';
import { templatesOf } from '../validators/manifest/inputs.ts';
import { loadManifests, type ManifestSet } from '../validators/manifest/load.ts';
import type { CommandContext } from './base.ts';

export interface ServiceManifests {
  readonly service: NonNullable<Config['services']>[number];
  readonly set: ManifestSet;
}

/**
 * The manifests of each service of the configuration that has some, rendered where they have to be.
 * @param namespace of the environment, for charts
 */
export async function* serviceManifests(
  { config, signal, adapters }: CommandContext,
  namespace: string | undefined,
): AsyncGenerator<ServiceManifests> {
  const { root, value } = config;
  const processes = await adapters.processes();
  for (const service of value.services ?? []) {
    const { manifests: paths = [] } = service;
    const templates = templatesOf(service, namespace);
    if (paths.length + templates.length === 0) continue;
    const set = await loadManifests({ paths, templates, processes, root, signal });
    yield { service, set };
  }
}
