import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { numberAt } from '../read.ts';

/** Seconds between two looks of the CronJob controller; what has to start within less may be missed. */
const controllerPeriod = 10;

/** CronJobs say how late a run may start. */
export const check: Check<ManifestSet> = {
  id: 'manifest/cronjob-deadline',
  title: 'CronJobs say how late a run may start',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'After an outage of the control plane, or once a CronJob is resumed, a missed run starts whenever that is: the nightly job at noon.',
    messages: {
      unset: 'CronJob {{name}} starts a missed run however late it is',
      short:
        'CronJob {{name}} may not start at all: the controller looks every 10 s, and after {{seconds}} s it is too late',
    },
    remediation:
      'Set startingDeadlineSeconds to how late a run still makes sense, and to 10 at least.',
    bad: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  startingDeadlineSeconds: 5
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'short', line: 7, column: 28 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "0 4 * * *"
  startingDeadlineSeconds: 3600
  jobTemplate:
    spec:
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
      'https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#starting-deadline',
    ],
  },
  run({ target }) {
    const path = ['spec', 'startingDeadlineSeconds'];
    return objectsOf(target, 'batch/v1', 'CronJob').flatMap((job): Draft[] => {
      const { name } = job;
      const seconds = numberAt(job.value, ...path);
      if (seconds === undefined) {
        return [draftAt(job, path, 'unset', { data: { name }, severity: 'info' })];
      }
      return seconds < controllerPeriod
        ? [draftAt(job, path, 'short', { data: { name, seconds } })]
        : [];
    });
  },
};
