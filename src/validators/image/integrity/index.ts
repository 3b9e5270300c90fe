import type { Check } from '../../../core/check.ts';
import type { Image } from '../image.ts';
import type { LayerDamage } from '../layer.ts';
import { configLocation, recipe } from '../places.ts';

const config = { User: '10001', Cmd: ['/app'] };
const layers = [[{ path: 'app', mode: '0755', content: '#!/app\n' }]];

const messageIds = {
  missing: 'blob-missing',
  truncated: 'blob-truncated',
  digest: 'digest-mismatch',
  'diff-id': 'diff-id-mismatch',
  codec: 'not-decodable',
  tar: 'not-decodable',
  'too-large': 'over-bounds',
  malformed: 'malformed',
} as const satisfies Record<Exclude<LayerDamage['kind'], 'foreign'>, string>;

export const check: Check<Image> = {
  id: 'image/integrity',
  title: 'The image is whole and is what its digest says',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A blob that is cut off or altered cannot be pulled, or is not what was tested; and what cannot be read cannot be found clean.',
    messages: {
      'blob-missing': 'the {{part}} cannot be found: {{reason}}',
      'blob-truncated': 'the {{part}} is cut off: {{reason}}',
      'digest-mismatch': 'the {{part}} was altered: {{reason}}',
      'diff-id-mismatch': 'the {{part}} is not the one the config was made for: {{reason}}',
      'not-decodable': 'the {{part}} cannot be unpacked: {{reason}}',
      'over-bounds': 'the {{part}} exceeds the bounds of what is unpacked: {{reason}}',
      malformed: 'the {{part}} does not say what its format asks for: {{reason}}',
      'no-layers': 'the image has no layers, so that there is nothing in it to run',
      'path-escape':
        '{{count}} names in the layer lead out of the root of the image, such as {{name}}',
    },
    remediation:
      'Build or export the image again, and compare the digest with the one the build reported.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers, cut: true }),
      findings: [{ messageId: 'blob-truncated' }],
    },
    good: { language: 'image-recipe', text: recipe({ config, layers }), findings: [] },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/descriptor.md#verification',
      'https://github.com/opencontainers/image-spec/blob/main/config.md#layer-diffid',
    ],
    waivable: false,
  },
  run({ target, notExamined }) {
    const damaged = target.damage.flatMap(({ part, blob, kind, message: reason }) => {
      if (kind === 'foreign') {
        notExamined(`layer ${blob}`, `not inspected: ${reason}`);
        return [];
      }
      const location = part === 'layer' ? { layer: blob } : { file: target.name, path: blob };
      return [{ messageId: messageIds[kind], data: { part, reason }, location }];
    });
    const empty =
      target.damage.length === 0 && target.layers.length === 0
        ? [{ messageId: 'no-layers', location: configLocation(target, 'rootfs.diff_ids') }]
        : [];
    const escaping = target.layers.flatMap(({ diffId, escapes: [name, ...more] }) =>
      name === undefined
        ? []
        : [
            {
              messageId: 'path-escape',
              data: { count: more.length + 1, name },
              location: { layer: diffId },
            },
          ],
    );
    return [...damaged, ...empty, ...escaping];
  },
};
