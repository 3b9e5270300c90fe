import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireContent } from '../image.ts';
import { bytesOf, bytesText, countOf } from '../options.ts';
import { layerLocation, recipe } from '../places.ts';

const id = 'image/size';

/**
 * Layers that overlay2 of Docker mounts at most (`maxDepth` in its driver is 128, the container's own layer and
 * its init layer among them).
 */
const mostLayers = 126;

/** Options are budgets; without them only what no engine can run is said. */
export const check: Check<Image> = {
  id,
  title: 'The image keeps to its budget',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Each node pulls the image before it starts a pod: its size is part of the time of every rollout, of every rollback, and of the recovery from a lost node.',
    messages: {
      packed: 'the image has {{size}} to pull, and its budget is {{limit}}',
      unpacked: 'the image has {{size}} unpacked, and its budget is {{limit}}',
      layer: 'layer {{number}} has {{size}} unpacked, and the budget of a layer is {{limit}}',
      layers: 'the image has {{count}} layers, and its budget is {{limit}}',
      'too-many': 'the image has {{count}} layers, and engines mount {{limit}} at most',
    },
    remediation:
      'Build in stages and copy only what runs, remove what a step leaves behind in the same step, or set the budget anew on purpose.',
    options: {
      packed: 'bytes to pull, such as `150 MB`',
      unpacked: 'bytes of all layers unpacked',
      layer: 'bytes of one layer unpacked',
      layers: 'number of layers',
    },
    bad: {
      language: 'image-recipe',
      options: { unpacked: 1000 },
      text: recipe({ config: {}, layers: [[{ path: 'app', content: 'serve()' }]] }),
      findings: [{ messageId: 'unpacked' }],
    },
    good: {
      language: 'image-recipe',
      options: { unpacked: '10 kB', layers: 1 },
      text: recipe({ config: {}, layers: [[{ path: 'app', content: 'serve()' }]] }),
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/'],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const { layers, name } = target;
    const location = { file: name };
    const sum = (sizes: readonly number[]) => sizes.reduce((all, size) => all + size, 0);
    const over = (messageId: string, size: number): Draft[] => {
      const limit = bytesOf(id, options, messageId);
      if (limit === undefined || size <= limit) return [];
      return [{ messageId, data: { size: bytesText(size), limit: bytesText(limit) }, location }];
    };
    const most = countOf(id, options, 'layers');
    const eachLimit = bytesOf(id, options, 'layer');
    const count = layers.length;
    return [
      ...over('packed', sum(layers.map(({ size }) => size))),
      ...over('unpacked', sum(layers.map(({ unpackedSize }) => unpackedSize))),
      ...layers.flatMap(({ unpackedSize }, index): Draft[] => {
        if (eachLimit === undefined || unpackedSize <= eachLimit) return [];
        const data = {
          number: index + 1,
          size: bytesText(unpackedSize),
          limit: bytesText(eachLimit),
        };
        return [{ messageId: 'layer', data, location: layerLocation(target, index) }];
      }),
      ...(most !== undefined && count > most
        ? [{ messageId: 'layers', data: { count, limit: most }, location }]
        : []),
      ...(count > mostLayers
        ? [{ messageId: 'too-many', data: { count, limit: mostLayers }, location }]
        : []),
    ];
  },
};
