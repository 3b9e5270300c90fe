import type { Check } from '../../../core/check.ts';
import { type Image, requireConfig } from '../image.ts';
import { textsOf } from '../options.ts';
import { configLocation, recipe } from '../places.ts';

const id = 'image/platform';

/** Option `allow`: the platforms of the cluster's nodes. */
export const check: Check<Image> = {
  id,
  title: 'The image is for the platform it is deployed to',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'On a node with another processor every container ends with "exec format error", and a pull of an image for another system is refused.',
    messages: {
      other: 'the image is for {{platform}}, and {{wanted}} is asked for',
      unknown: 'the image is for {{platform}}, which no runtime knows',
    },
    remediation: 'Build with `--platform` for the nodes it is to run on.',
    options: { allow: 'platforms as `linux/amd64`; any one known when not given' },
    bad: {
      language: 'image-recipe',
      options: { allow: ['linux/arm64'] },
      text: recipe({ architecture: 'amd64', config: {}, layers: [] }),
      findings: [{ messageId: 'other' }],
    },
    good: {
      language: 'image-recipe',
      options: { allow: ['linux/arm64', 'linux/amd64'] },
      text: recipe({ architecture: 'amd64', config: {}, layers: [] }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/config.md#properties',
      'https://go.dev/doc/install/source#environment',
    ],
  },
  run(context) {
    const { target, options } = context;
    const { os, architecture } = requireConfig(context);
    const platform = `${os}/${architecture}`;
    const allowed = textsOf(id, options, 'allow');
    const location = configLocation(target, 'architecture');
    if (!known.has(os) || !architectures.has(architecture)) {
      return [{ messageId: 'unknown', data: { platform: platform.slice(0, 80) }, location }];
    }
    if (!allowed || allowed.some((one) => one.split('/', 2).join('/') === platform)) return [];
    return [{ messageId: 'other', data: { platform, wanted: allowed.join(' or ') }, location }];
  },
};

/** Go's names, of what there are container runtimes for. */
const known = new Set(['linux', 'windows', 'freebsd', 'darwin', 'wasip1', 'wasi']);
const architectures = new Set(
  '386 amd64 arm arm64 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv64 s390x wasm'.split(
    ' ',
  ),
);
