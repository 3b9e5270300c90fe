import { splitVariable } from './config.ts';
import type { Image } from './image.ts';

/**
 * What an image is, as evidence: digests and settings. Values of variables, arguments and labels stay
 * out, since they may be secret.
 */
export function summaryOf(image: Image): string {
  const { name, digest, id, source, config, layers, givenBase, earlier, structure = [] } = image;
  const summary = {
    reference: name,
    source,
    digest,
    id,
    platform: config && `${config.os}/${config.architecture}`,
    user: config?.user ?? null,
    workingDir: config?.workingDir ?? null,
    healthcheck: config ? config.healthcheck !== null : null,
    variables: config?.env.map((variable) => splitVariable(variable)[0]) ?? [],
    labels: Object.keys(config?.labels ?? {}).sort(),
    base: givenBase ? { reference: givenBase.name, digest: givenBase.digest } : null,
    before: earlier ? { reference: earlier.name, digest: earlier.digest } : null,
    structureTests: structure.map(({ file, digest: ofFile }) => ({ file, digest: ofFile })),
    layers: layers.map((layer, index) => ({
      digest: layer.digest,
      diffId: config?.diffIds[index] ?? null,
      entries: layer.entries.length,
    })),
  };
  return `${JSON.stringify(summary, null, 2)}\n`;
}
