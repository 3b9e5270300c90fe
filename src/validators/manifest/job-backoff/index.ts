import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { jobSpecs } from '../jobs.ts';
import type { ManifestSet } from '../load.ts';
import { numberAt } from '../read.ts';

const fields = ['backoffLimit', 'backoffLimitPerIndex'] as const;

/** Jobs say how often they are tried. */
export const check: Check<ManifestSet> = {
  id: 'manifest/job-backoff',
  title: 'Jobs say how often they are tried again',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A job is tried again six times unless it says otherwise. What must not run twice, or costs much, has to say so.',
    messages: { unset: '{{job}} does not say how often it is tried again; the default is 6' },
    remediation: 'Set backoffLimit: 0 for what must not be repeated.',
    bad: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unset', line: 6, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-backoff-failure-policy',
    ],
  },
  run({ target }) {
    return jobSpecs(target)
      .filter(({ object, path }) =>
        fields.every((field) => numberAt(object.value, ...path, field) === undefined),
      )
      .map(({ object, path, name }) =>
        draftAt(object, [...path, 'backoffLimit'], 'unset', { data: { job: name } }),
      );
  },
};
