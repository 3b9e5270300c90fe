import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { textsOf } from '../options.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

const id = 'manifest/owner-labels';

/** Of the labels that Kubernetes recommends, the one that tools group by. */
const usual = ['app.kubernetes.io/name'];

/**
 * Workloads say what they belong to and whose they are. Options `labels` and `annotations`: what they
 * carry, the latter for what labels cannot hold, such as an e-mail address.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Workloads carry the wanted labels',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'At night nobody knows whom to call about a workload that says neither what it is part of nor whose it is.',
    messages: { missing: '{{workload}} has no {{what}} {{names}}' },
    remediation: 'Add them to the metadata of the workload.',
    options: {
      labels: 'labels that every workload carries; `app.kubernetes.io/name` when left out',
      annotations: 'annotations that every workload carries, such as `example.com/email`',
    },
    bad: {
      language: 'yaml',
      options: { labels: ['app.kubernetes.io/name', 'owner'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'missing', line: 5, column: 3 }],
    },
    good: {
      language: 'yaml',
      options: { labels: ['app.kubernetes.io/name', 'owner'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app.kubernetes.io/name: web
    owner: team-shop
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/',
    ],
  },
  run({ target, options }) {
    const annotations = textsOf(id, options, 'annotations') ?? [];
    const labels = textsOf(id, options, 'labels') ?? (annotations.length > 0 ? [] : usual);
    const wanted = [
      ['label', 'labels', labels],
      ['annotation', 'annotations', annotations],
    ] as const;
    return podTemplates(target).flatMap(({ object }) =>
      wanted.flatMap(([what, field, names]) => {
        const missing = names.filter((name) => !stringAt(object.value, 'metadata', field, name));
        if (missing.length === 0) return [];
        const workload = `${object.kind} ${object.name}`;
        const data = { workload, what, names: missing.join(', ') };
        return [draftAt(object, ['metadata', field], 'missing', { data, part: 'key' })];
      }),
    );
  },
};
