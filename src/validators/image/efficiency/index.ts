import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireContent } from '../image.ts';
import { bytesOf, bytesText, shareOf } from '../options.ts';
import { layerLocation, recipe } from '../places.ts';
import { fileBytes, type Waste, wasteOf } from '../waste.ts';

const id = 'image/efficiency';
/** What dive asks for in CI when it is not told otherwise. */
const usualShare = 0.1;
/** Bytes below which waste is not worth a line. */
const least = 1e6;

const file = (size: number) => [{ path: 'app/data', content: 'x'.repeat(size) }];

/** Options are budgets of what is pulled and never seen. */
export const check: Check<Image> = {
  id,
  title: 'Little in the image is hidden by its own later layers',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A file that a later layer deletes, replaces or only gives another owner stays in the image: every node pulls it, and nobody ever reads it.',
    messages: {
      wasted:
        '{{bytes}} of {{all}} ({{percent}} %) are hidden by later layers; at most {{limit}} are allowed',
      deleted: 'layer {{by}} deletes {{count}} files of this one: {{bytes}}, such as {{path}}',
      overwritten: 'layer {{by}} replaces {{count}} files of this one: {{bytes}}, such as {{path}}',
      'copied-again':
        'layer {{by}} has {{count}} files of this one again, in the same size ({{bytes}}), as chown and chmod in a step of their own leave them, such as {{path}}',
    },
    remediation:
      'Delete in the step that made the file, and set owner and mode while copying (`COPY --chown --chmod`).',
    options: {
      wasted: 'bytes that may be hidden, such as `20 MB`',
      share: 'share of all bytes of files that may be hidden, from 0 to 1; 0.1 when not given',
    },
    bad: {
      language: 'image-recipe',
      options: { wasted: 10 },
      text: recipe({ config: {}, layers: [file(20), [{ path: 'app/.wh.data' }]] }),
      findings: [{ messageId: 'wasted' }, { messageId: 'deleted' }],
    },
    good: {
      language: 'image-recipe',
      options: { wasted: 10 },
      text: recipe({ config: {}, layers: [file(20)] }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/',
      'https://github.com/wagoodman/dive#ci-integration',
    ],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const waste = wasteOf(target);
    const bytes = waste.reduce((sum, one) => sum + one.bytes, 0);
    const all = fileBytes(target);
    const wasted = bytesOf(id, options, 'wasted');
    const share = shareOf(id, options, 'share') ?? (wasted === undefined ? usualShare : 1);
    const limit = Math.min(wasted ?? all, Math.floor(share * all));
    const matters = wasted !== undefined || bytes >= least;
    if (bytes <= limit || !matters) return [];
    const percent = ((100 * bytes) / all).toFixed(1);
    const data = { bytes: bytesText(bytes), all: bytesText(all), percent, limit: bytesText(limit) };
    const total: Draft = { messageId: 'wasted', data, location: { file: target.name } };
    return [total, ...partsOf(target, waste)];
  },
};

/** How many pairs of layers are named. */
const shown = 10;

/** What makes most of it: a line for each pair of layers, the greatest first. */
function partsOf(image: Image, waste: readonly Waste[]): Draft[] {
  const pairs = Map.groupBy(waste, (one) => `${one.layer} ${one.by} ${messageOf(one)}`);
  return [...pairs.values()]
    .map((files) => ({ files, bytes: files.reduce((sum, one) => sum + one.bytes, 0) }))
    .toSorted((a, b) => b.bytes - a.bytes)
    .slice(0, shown)
    .flatMap(({ files, bytes }): Draft[] => {
      const [largest] = files.toSorted((a, b) => b.bytes - a.bytes);
      if (!largest) return [];
      const { layer, by, path } = largest;
      return [
        {
          messageId: messageOf(largest),
          severity: 'info',
          data: { by: by + 1, count: files.length, bytes: bytesText(bytes), path: `/${path}` },
          location: layerLocation(image, layer),
        },
      ];
    });
}

function messageOf({ how, sameSize }: Waste): 'deleted' | 'overwritten' | 'copied-again' {
  if (how === 'deleted') return 'deleted';
  return sameSize ? 'copied-again' : 'overwritten';
}
