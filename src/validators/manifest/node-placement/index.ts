import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { textsOf } from '../options.ts';
import { listAt, recordAt, stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

const id = 'manifest/node-placement';

/**
 * Pods choose their nodes by the labels that a team asks for, with nodeSelector or required node
 * affinity. Option `labels`: which ones.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Pods choose their nodes by the wanted labels',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'In a cluster of unlike nodes, other architectures or pools that cost more, a pod that does not choose runs where it cannot or should not.',
    messages: { unplaced: '{{workload}} does not choose its nodes by {{labels}}' },
    remediation: 'Add the label to nodeSelector or to the required node affinity of the pod.',
    options: {
      labels: 'labels of nodes, such as `kubernetes.io/arch`; without it the rule says nothing',
    },
    bad: {
      language: 'yaml',
      options: { labels: ['kubernetes.io/arch'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/os: linux
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unplaced', line: 5, column: 1 }],
    },
    good: {
      language: 'yaml',
      options: { labels: ['kubernetes.io/arch'] },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  nodeSelector:
    kubernetes.io/arch: arm64
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/'],
  },
  run({ target, options, skip }) {
    const labels = textsOf(id, options, 'labels');
    if (!labels) {
      skip('it has no option `labels`, which names labels of nodes');
      return [];
    }
    return podTemplates(target).flatMap(({ object, spec, specPath }) => {
      const chosen = chosenLabels(spec);
      const missing = labels.filter((label) => !chosen.has(label));
      if (missing.length === 0) return [];
      const data = { workload: `${object.kind} ${object.name}`, labels: missing.join(', ') };
      return [draftAt(object, specPath, 'unplaced', { data, part: 'key' })];
    });
  },
};

/** Terms of node affinity are alternatives: only what all of them name is chosen by. */
function chosenLabels(spec: unknown): ReadonlySet<string> {
  const terms = listAt(
    spec,
    'affinity',
    'nodeAffinity',
    'requiredDuringSchedulingIgnoredDuringExecution',
    'nodeSelectorTerms',
  ).map(
    (term) =>
      new Set(listAt(term, 'matchExpressions').flatMap((entry) => stringAt(entry, 'key') ?? [])),
  );
  const [first, ...others] = terms;
  const common = [...(first ?? [])].filter((label) => others.every((term) => term.has(label)));
  return new Set([...common, ...Object.keys(recordAt(spec, 'nodeSelector'))]);
}
