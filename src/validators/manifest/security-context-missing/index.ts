import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { containersText, contextOf } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/**
 * Pods have a securityContext, whatever it says: what it should say other rules ask. CIS numbers are those
 * of the benchmark's versions 1.8 to 1.10.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/security-context-missing',
  title: 'Pods have a securityContext',
  severity: 'info',
  preset: 'strict',
  cis: ['5.7.3'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Without one every setting is that of the image and the runtime, which may differ from node to node.',
    messages: { missing: 'neither the pod nor {{containers}} has a securityContext' },
    remediation: 'Write a securityContext, such as the one of the restricted level.',
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
      findings: [{ messageId: 'missing', line: 6, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, spec, specPath, containers }) => {
      if (!isEmpty(spec)) return [];
      const bare = containers.filter(({ value }) => isEmpty(value));
      if (bare.length === 0) return [];
      const data = { containers: containersText(bare) };
      return [draftAt(object, [...specPath, 'securityContext'], 'missing', { data })];
    });
  },
};

function isEmpty(holder: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(contextOf(holder)).length === 0;
}
