import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { imagesOf } from '../images.ts';
import type { ManifestSet } from '../load.ts';

/** Container images are named by digest. */
export const check: Check<ManifestSet> = {
  id: 'manifest/image-digest',
  title: 'Images are named by digest',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A tag is a name that whoever may push can give to another image. Only a digest says that what runs is what was tested.',
    messages: { 'no-digest': 'image {{image}} is named by a tag alone' },
    remediation:
      'Add the digest behind the tag, registry.example/app:1.4.2@sha256:…, and let a tool renew both.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'no-digest', line: 8, column: 14 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2@sha256:3b9c0c1a4d2f8f1f0a6a5b1f7f7c6a1e2d3c4b5a69788796a5b4c3d2e1f0a9b8
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  run({ target }) {
    return imagesOf(target)
      .filter(({ reference }) => reference.digest === undefined)
      .map(({ template, image, path }) =>
        draftAt(template.object, path, 'no-digest', { data: { image } }),
      );
  },
};
