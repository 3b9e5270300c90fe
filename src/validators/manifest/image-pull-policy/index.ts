import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { imagesOf, pullPolicy, wayToMove } from '../images.ts';
import type { ManifestSet } from '../load.ts';

/** What a node has of an image is taken for it only where the tag stays, and nodes may pull. */
export const check: Check<ManifestSet> = {
  id: 'manifest/image-pull-policy',
  title: 'The pull policy fits the tag',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'manifestSet',
  meta: {
    why: 'With a tag that moves and a policy that takes what the node has, two nodes run two versions under one name. With Never, a new node cannot start the pod at all.',
    messages: {
      stale: 'container {{container}} takes {{image}} as the node has it, and that tag moves',
      never: 'container {{container}} never pulls {{image}}, so only nodes that have it can run it',
    },
    remediation:
      'Name a fixed tag or a digest; where a tag has to move, set imagePullPolicy: Always. Leave Never to clusters whose nodes are loaded by hand.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:main
      imagePullPolicy: IfNotPresent
    - name: proxy
      image: registry.example/proxy:2.0.1
      imagePullPolicy: Never
`,
      findings: [
        { messageId: 'stale', line: 9, column: 24 },
        { messageId: 'never', line: 12, column: 24 },
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
      image: registry.example/web:main
      imagePullPolicy: Always
    - name: proxy
      image: registry.example/proxy:2.0.1
      imagePullPolicy: IfNotPresent
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/containers/images/#image-pull-policy'],
  },
  run({ target }) {
    return imagesOf(target).flatMap((named) => {
      const policy = pullPolicy(named);
      const problem =
        policy === 'Never'
          ? 'never'
          : policy === 'IfNotPresent' && wayToMove(named.reference)
            ? 'stale'
            : undefined;
      if (!problem) return [];
      const { template, container, image } = named;
      const data = { container: container.name, image };
      return [draftAt(template.object, [...container.path, 'imagePullPolicy'], problem, { data })];
    });
  },
};
