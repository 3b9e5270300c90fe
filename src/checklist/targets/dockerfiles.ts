import { builtImage } from '../../validators/dockerfile/built.ts';
import { loadDockerfile } from '../../validators/dockerfile/load.ts';
import { type Image, isImage } from '../../validators/image/image.ts';
import type { Loader } from './context.ts';
import { type Loaded, settle } from './loaded.ts';

/** Those that services name, each beside the image that was built of it. */
export const loadDockerfiles: Loader = async ({ config: { root, value } }, of) => {
  const images = await of('image');
  const settled = await Promise.all(
    (value.services ?? []).map(async ({ dockerfile, image }, at) => {
      if (dockerfile === undefined) return [];
      const reading = async () => ({
        ...(await loadDockerfile(dockerfile, { root })),
        built: await builtImage(image, imageOf(images[at])),
      });
      return [await settle('dockerfile', dockerfile, reading())];
    }),
  );
  return settled.flat();
};

async function imageOf(loaded: Loaded | undefined): Promise<Pick<Image, 'config'>> {
  if (loaded?.fault) throw loaded.fault;
  const target = loaded?.target;
  return isImage(target) ? target : { config: null };
}
