import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { layersShared, namedBase } from '../base.ts';
import { type Image, requireConfig } from '../image.ts';
import { textsOf } from '../options.ts';
import { configLocation, layerLocation, recipe } from '../places.ts';

const id = 'image/base-image';
const system = [{ path: 'etc/os-release', content: 'ID=example\n' }];
const app = [{ path: 'app/server.js', content: 'serve()' }];

/** Option `allow`: beginnings of the names of bases, such as `registry.example/base/`. */
export const check: Check<Image> = {
  id,
  title: 'The image is built on the base it is said to be built on',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'What was looked at in a base counts for an image only when the base is really below it: after a rebuild of the base it no longer is.',
    messages: {
      'not-below': '{{base}} is not below this image: {{reason}}',
      'digest-differs':
        'the image names {{named}} as its base, and {{base}} has the digest {{digest}}',
      'not-allowed':
        'the image is built on {{base}}, which is not among the bases that are allowed',
      unnamed:
        'nothing in the image names its base (org.opencontainers.image.base.name), so it cannot be told to be an allowed one',
    },
    remediation:
      'Build again on the base that was looked at, pinned by digest, and let the build write org.opencontainers.image.base.name and base.digest.',
    options: { allow: 'names of bases, or their beginnings; without it every base is allowed' },
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [app], base: { config: {}, layers: [system] } }),
      findings: [{ messageId: 'not-below' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [system, app], base: { config: {}, layers: [system] } }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/annotations.md',
      'https://github.com/opencontainers/image-spec/blob/main/config.md#layer-diffid',
    ],
  },
  run(context) {
    const { target, options } = context;
    requireConfig(context);
    // A base that cannot be read proves nothing.
    if (target.givenBase) requireConfig({ ...context, target: target.givenBase });
    const allowed = textsOf(id, options, 'allow');
    return [...givenDrafts(target), ...(allowed ? allowedDrafts(target, allowed) : [])];
  },
};

function givenDrafts(image: Image): Draft[] {
  const { givenBase, config } = image;
  if (!givenBase?.config || !config) return [];
  const base = givenBase.name;
  const named = namedBase(image).digest;
  const differs =
    named !== undefined && named !== givenBase.digest
      ? [
          {
            messageId: 'digest-differs',
            data: { base, named, digest: givenBase.digest },
            location: configLocation(image, 'org.opencontainers.image.base.digest'),
          },
        ]
      : [];
  if (layersShared(config, givenBase.config) !== undefined) return differs;
  const { diffIds } = givenBase.config;
  const at = diffIds.findIndex((diffId, index) => diffId !== config.diffIds[index]);
  const isThere = at < config.diffIds.length;
  const reason = isThere
    ? `layer ${at + 1} of this image is another one`
    : `it has ${diffIds.length} layers, and this image ${config.diffIds.length}`;
  const location = isThere ? layerLocation(image, at) : { file: image.name };
  return [...differs, { messageId: 'not-below', data: { base, reason }, location }];
}

function allowedDrafts(image: Image, allowed: readonly string[]): Draft[] {
  const name = namedBase(image).name;
  const location = configLocation(image, 'org.opencontainers.image.base.name');
  if (name === undefined) return [{ messageId: 'unnamed', location }];
  if (allowed.some((entry) => name.startsWith(entry))) return [];
  return [{ messageId: 'not-allowed', data: { base: name }, location }];
}
