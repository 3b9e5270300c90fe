import type { Check } from '../../../core/check.ts';
import type { ImageReference } from '../../../core/reference.ts';
import { draftAt } from '../finding.ts';
import { imagesOf } from '../images.ts';
import type { ManifestSet } from '../load.ts';
import { textsOf } from '../options.ts';

const id = 'manifest/image-registry';

/**
 * Images come from registries that are allowed. Option `allow`: hosts (`registry.example`,
 * `*.example.com`) or the beginnings of paths on them (`ghcr.io/team`).
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Images come from allowed registries',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An image from elsewhere was built and looked at by nobody here, and whoever owns that place can take it away or replace it.',
    messages: { elsewhere: 'image {{image}} comes from {{source}}, which is not allowed' },
    remediation: 'Copy the image to an allowed registry and name it there, or allow its source.',
    options: {
      allow:
        'hosts (`registry.example`, `*.example.com`) or beginnings of paths (`ghcr.io/team`); without it the rule says nothing',
    },
    bad: {
      language: 'yaml',
      options: { allow: ['registry.example', 'ghcr.io/team'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
    - name: proxy
      image: nginx:1.29.4
`,
      findings: [{ messageId: 'elsewhere', line: 10, column: 14 }],
    },
    good: {
      language: 'yaml',
      options: { allow: ['registry.example', 'ghcr.io/team'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
    - name: proxy
      image: ghcr.io/team/proxy:1.29.4
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  run({ target, options, skip }) {
    const allowed = textsOf(id, options, 'allow');
    if (!allowed) {
      skip('it has no option `allow`, which names the registries');
      return [];
    }
    return imagesOf(target)
      .filter(({ reference }) => !allowed.some((entry) => covers(entry, reference)))
      .map(({ template, image, path, reference }) =>
        draftAt(template.object, path, 'elsewhere', {
          data: { image, source: reference.registry },
        }),
      );
  },
};

function covers(entry: string, { registry, repository }: ImageReference): boolean {
  const slash = entry.indexOf('/');
  const host = slash === -1 ? entry : entry.slice(0, slash);
  const folder = slash === -1 ? '' : entry.slice(slash + 1).replace(/\/$/, '');
  const known = host.startsWith('*.') ? registry.endsWith(host.slice(1)) : registry === host;
  return known && (folder === '' || repository === folder || repository.startsWith(`${folder}/`));
}
