import type { Check } from '../../../core/check.ts';
import type { ImageReference } from '../../../core/reference.ts';
import { draftAt } from '../finding.ts';
import { imagesOf } from '../images.ts';
import type { ManifestSet } from '../load.ts';

/** Images come from registries that are still there and still get new versions. */
export const check: Check<ManifestSet> = {
  id: 'manifest/retired-registry',
  title: 'Images come from registries in operation',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Nodes that hold such an image hide that it is gone: the first new node cannot start the pod.',
    messages: {
      gone: 'image {{image}}: {{source}} is gone since {{since}}; use {{instead}}',
      frozen: 'image {{image}}: {{source}} gets no new images since {{since}}; use {{instead}}',
      moved: 'image {{image}}: versions left {{source}} in {{since}}; use {{instead}}',
    },
    remediation: 'Name the image where its maintainers publish it now, or a copy of your own.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: docker.bintray.io/team/web:1.4.2
    - name: pause
      image: k8s.gcr.io/pause:3.9
`,
      findings: [
        { messageId: 'gone', line: 8, column: 14 },
        { messageId: 'frozen', line: 10, column: 14 },
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
      image: registry.example/team/web:1.4.2
    - name: pause
      image: registry.k8s.io/pause:3.9
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/blog/2023/02/06/k8s-gcr-io-freeze-announcement/',
      'https://jfrog.com/blog/into-the-sunset-bintray-jcenter-gocenter-and-chartcenter/',
      'https://github.com/bitnami/containers/issues/83267',
    ],
  },
  run({ target }) {
    return imagesOf(target).flatMap(({ template, image, reference, path }) => {
      const retired = retirements.find(({ concerns }) => concerns(reference));
      if (!retired) return [];
      const { how, source, since, instead } = retired;
      return [
        draftAt(template.object, path, how, {
          data: { image, source, since, instead },
          severity: how === 'frozen' ? 'warning' : 'error',
        }),
      ];
    });
  },
};

interface Retirement {
  readonly source: string;
  readonly since: string;
  readonly instead: string;
  readonly how: 'gone' | 'frozen' | 'moved';
  concerns(reference: ImageReference): boolean;
}

const retirements: readonly Retirement[] = [
  {
    source: 'k8s.gcr.io',
    since: 'April 2023',
    instead: 'registry.k8s.io',
    how: 'frozen',
    concerns: ({ registry }) => registry === 'k8s.gcr.io',
  },
  {
    source: 'bintray.io',
    since: 'May 2021',
    instead: 'the registry that the project names now',
    how: 'gone',
    concerns: ({ registry }) => registry.endsWith('.bintray.io'),
  },
  {
    // Their tags went to docker.io/bitnamilegacy; some images stay as latest, and minideb as it was.
    source: 'docker.io/bitnami',
    since: 'September 2025',
    instead: 'docker.io/bitnamilegacy for now, and an image that is maintained',
    how: 'moved',
    concerns: ({ registry, repository, tag }) =>
      registry === 'docker.io' &&
      repository.startsWith('bitnami/') &&
      repository !== 'bitnami/minideb' &&
      tag !== undefined &&
      tag !== 'latest',
  },
];
