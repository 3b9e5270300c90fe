import type { Check } from '../../../core/check.ts';
import { isReferenceProblem, readReference } from '../../../core/reference.ts';
import { draftAt } from '../finding.ts';
import { wayToMove } from '../images.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** Container images are named by a fixed tag or by digest. */
export const check: Check<ManifestSet> = {
  id: 'manifest/image-tag',
  title: 'Images are pinned by tag or digest',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'An image without a fixed tag changes under a running release: pods that restart run other code, and going back to the manifest does not bring the old code back.',
    messages: {
      'no-tag': 'image {{image}} has no tag, which means latest',
      latest: 'image {{image}} has the tag latest, which moves',
      moving: 'image {{image}} has a tag that moves by habit',
      invalid: '{{image}} is no image reference',
    },
    remediation:
      'Name the version that was tested, best by digest: registry.example/app:1.4.2@sha256:….',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example:5000/web
    - name: proxy
      image: registry.example/proxy:latest
`,
      findings: [
        { messageId: 'no-tag', line: 8, column: 14 },
        { messageId: 'latest', line: 10, column: 14 },
      ],
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
      image: registry.example:5000/web:1.4.2
    - name: proxy
      image: registry.example/proxy@sha256:3b9c0c1a4d2f8f1f0a6a5b1f7f7c6a1e2d3c4b5a69788796a5b4c3d2e1f0a9b8
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/containers/images/#image-names'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap((container) => {
        const image = stringAt(container.value, 'image');
        const problem = image ? problemOf(image) : undefined;
        if (!image || !problem) return [];
        const severity = problem === 'moving' ? 'warning' : 'error';
        const path = [...container.path, 'image'];
        return [draftAt(object, path, problem, { data: { image }, severity })];
      }),
    );
  },
};

type Problem = 'invalid' | 'no-tag' | 'latest' | 'moving';

function problemOf(image: string): Problem | undefined {
  const reference = readReference(image);
  if (!isReferenceProblem(reference)) return wayToMove(reference);
  return /^[^:@]+:$/.test(image) ? 'no-tag' : 'invalid';
}
