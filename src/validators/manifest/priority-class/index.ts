import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { textsOf } from '../options.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

const id = 'manifest/priority-class';

/**
 * Pods name their priority, unless a class of the set is the default of the cluster. Option `allow`:
 * the classes that may be named.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Pods have a priority class',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'When a cluster is full, priority says what is left out and what is ended. Pods without a class all count the same.',
    messages: {
      unset: '{{workload}} names no priority class',
      'not-allowed': '{{workload}} has the priority class {{name}}, which is not allowed',
    },
    remediation: 'Set priorityClassName, or mark one PriorityClass as globalDefault.',
    options: { allow: 'the classes that may be named; any when left out' },
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
      findings: [{ messageId: 'unset', line: 5, column: 1 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  priorityClassName: shop
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/',
    ],
  },
  run({ target, options }) {
    const allowed = textsOf(id, options, 'allow');
    const byDefault = objectsOf(target, 'scheduling.k8s.io/v1', 'PriorityClass').find(
      ({ value }) => value.globalDefault === true,
    )?.name;
    return podTemplates(target).flatMap(({ object, spec, specPath }) => {
      const own = stringAt(spec, 'priorityClassName');
      const name = own || byDefault;
      const workload = `${object.kind} ${object.name}`;
      if (!name) return [draftAt(object, specPath, 'unset', { data: { workload }, part: 'key' })];
      if (!own || !allowed || allowed.includes(name)) return [];
      const path = [...specPath, 'priorityClassName'];
      return [draftAt(object, path, 'not-allowed', { data: { workload, name } })];
    });
  },
};
