import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { isHook } from '../hooks.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestSet } from '../load.ts';
import { numberAt } from '../read.ts';

/** Jobs are removed some time after they end. A CronJob has limits of its own, and hooks are removed. */
export const check: Check<ManifestSet> = {
  id: 'manifest/job-ttl',
  title: 'Jobs are removed after they end',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A finished Job stays with its pods until somebody removes it. The next release that applies it with another image is refused: the template of a Job cannot be changed.',
    messages: { unset: 'Job {{name}} stays after it has ended' },
    remediation:
      'Set ttlSecondsAfterFinished, long enough to read its logs and shorter than the time between two releases.',
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
  ttlSecondsAfterFinished: 86400
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: migrate
          image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/'],
  },
  run({ target }) {
    const path = ['spec', 'ttlSecondsAfterFinished'];
    return objectsOf(target, 'batch/v1', 'Job')
      .filter(
        (job) => !isHook(job) && !job.generatedName && numberAt(job.value, ...path) === undefined,
      )
      .map((job) => draftAt(job, path, 'unset', { data: { name: job.name } }));
  },
};
