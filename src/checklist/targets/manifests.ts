import { withBeside } from '../../validators/manifest/beside.ts';
import { templatesOf } from '../../validators/manifest/inputs.ts';
import {
  type LoadOptions,
  loadManifests,
  type ManifestSet,
} from '../../validators/manifest/load.ts';
import { placeOf } from '../../validators/manifest/render/template.ts';
import type { Loader, TargetContext } from './context.ts';
import { withListing } from './listing.ts';
import { settle } from './loaded.ts';

/** References between objects cross services, so the release's manifests are one set. */
export const loadManifestSet: Loader = async (context) => {
  const { config, environment, processes, serverRules, signal } = context;
  const { root } = config;
  const services = config.value.services ?? [];
  const paths = services.flatMap((service) => service.manifests ?? []);
  const templates = services.flatMap((service) => templatesOf(service, environment?.namespace));
  if (paths.length + templates.length === 0) return [];
  const options = { paths, templates, processes, serverRules, root, signal };
  const loaded = await settle(
    'manifestSet',
    [...paths, ...templates.map(placeOf)].join(' '),
    loadRelease(options, context).then((manifests) => context.complete?.(manifests) ?? manifests),
  );
  return [await withListing(loaded, 'manifests.sha256', context)];
};

async function loadRelease(
  options: LoadOptions,
  { config, environment }: TargetContext,
): Promise<ManifestSet> {
  const { root, signal } = options;
  const kubeVersions = environment?.kubeVersions;
  const manifests = await loadManifests({ ...options, kubeVersions });
  const beside = {
    definitions: config.value.manifests?.crds ?? [],
    policies: config.value.rules.custom ?? [],
  };
  return withBeside(manifests, beside, { root, signal });
}
