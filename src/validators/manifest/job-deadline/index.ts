import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { jobSpecs } from '../jobs.ts';
import type { ManifestSet } from '../load.ts';
import { numberAt } from '../read.ts';

/** Jobs, and those that CronJobs make, end at last. */
export const check: Check<ManifestSet> = {
  id: 'manifest/job-deadline',
  title: 'Jobs have a deadline',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'backoffLimit counts failures only. A job that hangs runs for ever: a release waits for it, and a CronJob that forbids two at once never runs again.',
    messages: { unset: '{{job}} may run for ever' },
    remediation: 'Set activeDeadlineSeconds of the job to more than its longest run takes.',
    bad: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unset', line: 9, column: 7 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  jobTemplate:
    spec:
      activeDeadlineSeconds: 3600
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/job/#job-termination-and-cleanup',
    ],
  },
  run({ target }) {
    return jobSpecs(target)
      .filter(({ object, path }) =>
        // The pods of a job may have a deadline of their own, from their start.
        [path, [...path, 'template', 'spec']].every(
          (at) => numberAt(object.value, ...at, 'activeDeadlineSeconds') === undefined,
        ),
      )
      .map(({ object, path, name }) =>
        draftAt(object, [...path, 'activeDeadlineSeconds'], 'unset', { data: { job: name } }),
      );
  },
};
