import type { Check } from '../../../core/check.ts';
import { type Image, requireContent } from '../image.ts';
import type { LayerEntry } from '../layer.ts';
import { bytesText } from '../options.ts';
import { layerLocation, recipe } from '../places.ts';

const lists = {
  path: 'var/lib/apt/lists/deb.example.org_dists_stable_Packages',
  content: 'Package: shop\n',
};
const history = (line: string) => [{ created_by: line }];

export const check: Check<Image> = {
  id: 'image/package-leftovers',
  title: 'No lists and caches of package managers in the layers',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'What a package manager downloaded for itself is never read again, and each node pulls it. Lists of packages grow old, so that a later install takes versions that are gone.',
    messages: {
      left: 'layer {{number}} holds {{what}}: {{bytes}} in {{count}} files, such as {{path}}',
    },
    remediation:
      'Remove it in the step that installs (`rm -rf /var/lib/apt/lists/*`, `--no-cache`, `--no-cache-dir`), or keep it out with `RUN --mount=type=cache`. Removing it in a later step leaves it in the image.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: [[lists]], history: history('RUN apt-get update') }),
      findings: [{ messageId: 'left' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({
        config: {},
        layers: [[{ path: 'var/lib/apt/lists', type: 'directory' }]],
        history: history('RUN apt-get update && rm -rf /var/lib/apt/lists/*'),
      }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#apt-get',
      'https://docs.docker.com/build/cache/optimize/#use-cache-mounts',
    ],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    return target.layers.flatMap(({ entries }, index) => {
      const found = entries.flatMap((entry) => {
        const what = kindOf(entry);
        return what ? [{ what, entry }] : [];
      });
      return [...Map.groupBy(found, ({ what }) => what)].map(([what, files]) => {
        const bytes = files.reduce((sum, { entry }) => sum + entry.size, 0);
        const path = `/${files[0]?.entry.path}`;
        const data = {
          number: index + 1,
          what,
          bytes: bytesText(bytes),
          count: files.length,
          path,
        };
        return { messageId: 'left', data, location: layerLocation(target, index) };
      });
    });
  },
};

const home = '(?:root|home/[^/]+)';
const kinds: readonly (readonly [what: string, path: RegExp])[] = [
  ['lists of apt', /^var\/lib\/apt\/lists\/(?!lock$|partial(?:\/|$)|auxfiles(?:\/|$))/],
  ['packages of apt', /^var\/cache\/apt\/(?:archives\/.+\.deb|(?:src)?pkgcache\.bin)$/],
  ['indexes of apk', /^(?:var\/cache\/apk|etc\/apk\/cache)\/.+/],
  [
    'caches of dnf or yum',
    /^var\/(?:cache|lib)\/(?:dnf|yum|libdnf5)\/.+\.(?:rpm|solv|solvx|xml|gz|xz|zck|sqlite)$/,
  ],
  ['caches of zypper', /^var\/cache\/zypp\/.+/],
  ['caches of pacman', /^var\/(?:cache\/pacman\/pkg|lib\/pacman\/sync)\/.+/],
  ['caches of pip', new RegExp(`^${home}/\\.cache/(?:pip|uv|pypoetry)/.+`)],
  ['caches of npm', new RegExp(`^${home}/\\.npm/(?:_cacache|_logs|_npx)/.+`)],
  [
    'caches of Yarn or pnpm',
    new RegExp(
      `^(?:usr/local/share/\\.cache/yarn|${home}/\\.(?:cache/(?:yarn|pnpm)|yarn/berry/cache))/.+`,
    ),
  ],
  [
    'caches of Go',
    new RegExp(`^(?:go/pkg/mod/cache|${home}/(?:go/pkg/mod/cache|\\.cache/go-build))/.+`),
  ],
  [
    'caches of RubyGems or Bundler',
    /^(?:usr\/local\/bundle\/cache|(?:root|home\/[^/]+)\/\.bundle\/cache)\/.+/,
  ],
  ['caches of Cargo', new RegExp(`^(?:usr/local/cargo|${home}/\\.cargo)/registry/cache/.+`)],
  ['caches of Maven or Gradle', new RegExp(`^${home}/(?:\\.m2/repository|\\.gradle/caches)/.+`)],
];

/** All of them at once, since most files are none. */
const anyKind = new RegExp(kinds.map(([, pattern]) => pattern.source).join('|'));

/** What of a package manager a file is; an empty one does no harm. */
function kindOf({ path, type, size }: LayerEntry): string | undefined {
  if (type !== 'file' || size === 0 || !anyKind.test(path)) return undefined;
  return kinds.find(([, pattern]) => pattern.test(path))?.[0];
}
