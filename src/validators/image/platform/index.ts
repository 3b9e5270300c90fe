import type { Check, CheckContext } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import {
  choosePlatform,
  namesPlatform,
  type Platform,
  parsePlatform,
} from '../../../core/platform.ts';
import { type Image, requireConfig } from '../image.ts';
import { textsOf } from '../options.ts';
import { configLocation, recipe } from '../places.ts';

const id = 'image/platform';

/** Options: the platforms of the cluster's nodes, any of which will do, or each of which has to be there. */
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
      missing:
        'there is no image for {{wanted}} by this reference, and it has to have one; there is {{there}}',
      unknown: 'the image is for {{platform}}, which no runtime knows',
    },
    remediation: 'Build with `--platform` for the nodes it is to run on.',
    options: {
      allow: 'platforms as `linux/amd64`; any one known when not given',
      require: 'platforms that the reference has to have an image for, each of them',
    },
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
    const missing = missingDrafts(context);
    const allowed = textsOf(id, options, 'allow');
    const location = configLocation(target, 'architecture');
    if (!known.has(os) || !architectures.has(architecture)) {
      const data = { platform: platform.slice(0, 80) };
      return [{ messageId: 'unknown', data, location }, ...missing];
    }
    if (!allowed || allowed.some((one) => one.split('/', 2).join('/') === platform)) return missing;
    const data = { platform, wanted: allowed.join(' or ') };
    return [{ messageId: 'other', data, location }, ...missing];
  },
};

/** Of the index that the image was chosen from; an image that was not chosen is for its own platform alone. */
function missingDrafts({ target, options, notExamined }: CheckContext<Image>): Draft[] {
  const wanted = (textsOf(id, options, 'require') ?? []).map((text) => platformOf(text));
  const { platforms, config } = target;
  if (wanted.length === 0 || !config) return [];
  if (!platforms) {
    notExamined(
      `${target.name}: platforms that there are images for`,
      'an engine, and what it saved, holds the image of one platform',
    );
    return [];
  }
  const there = platforms.length > 0 ? platforms : [config];
  const location = configLocation(target, 'architecture');
  return wanted
    .filter(
      (one) =>
        !choosePlatform(
          there.map((platform) => ({ platform })),
          one,
        ),
    )
    .map((one) => ({
      messageId: 'missing',
      data: { wanted: namesPlatform(one), there: there.map(namesPlatform).join(', ') },
      location,
    }));
}

/** @throws Fault `config-invalid` */
function platformOf(text: string): Platform {
  const platform = parsePlatform(text);
  if (platform) return platform;
  throw new Fault(
    'config-invalid',
    `options of ${id}: require: ${text.slice(0, 80)} is not OS/ARCH, such as linux/arm64`,
  );
}

/** Go's names, of what there are container runtimes for. */
const known = new Set(['linux', 'windows', 'freebsd', 'darwin', 'wasip1', 'wasi']);
const architectures = new Set(
  '386 amd64 arm arm64 loong64 mips mipsle mips64 mips64le ppc64 ppc64le riscv64 s390x wasm'.split(
    ' ',
  ),
);
