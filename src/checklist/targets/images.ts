import { loadImageBeside } from '../../validators/image/beside.ts';
import type { Image } from '../../validators/image/image.ts';
import { createLayerCache } from '../../validators/image/load.ts';
import { summaryOf } from '../../validators/image/summary.ts';
import type { Loader, TargetContext } from './context.ts';
import { evidenceName } from './listing.ts';
import { type Loaded, settle } from './loaded.ts';

/** The image of each service with what is named beside it, in their order. */
export const loadImages: Loader = async (context) => {
  const { config, signal, scope, imageSystems: systems } = context;
  const { root } = config;
  const cache = createLayerCache();
  return Promise.all(
    (config.value.services ?? []).map(async (service) => {
      const { name, image } = service;
      const loading = loadImageBeside(image, service, { root, signal, cache, scope, systems });
      const loaded = await settle('image', image, loading);
      return loaded.target ? withSummary(loaded, name, await loading, context) : loaded;
    }),
  );
};

async function withSummary(
  loaded: Loaded,
  service: string,
  image: Image,
  { evidence }: TargetContext,
): Promise<Loaded> {
  const entry = await evidence.add({
    name: evidenceName(`image-${service}.json`),
    mediaType: 'application/json',
    content: summaryOf(image),
    how: `read ${image.source}, every digest and diff id verified`,
  });
  return { ...loaded, evidence: entry };
}
