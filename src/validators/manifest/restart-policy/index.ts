import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** Pods that are to run for good restart always, those of jobs do not. */
export const check: Check<ManifestSet> = {
  id: 'manifest/restart-policy',
  title: 'Restart policies fit the workload',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The API server refuses a job whose pods always restart, which is the default of a pod, and every other workload whose pods do not.',
    messages: {
      always: '{{workload}} makes pods with restartPolicy {{value}}; it takes Always alone',
      job: '{{workload}} makes pods with restartPolicy {{value}}; a job takes OnFailure or Never',
    },
    remediation:
      'Set restartPolicy: Never or OnFailure in the pod template of a job, and leave it out elsewhere.',
    bad: {
      language: 'yaml',
      text: `apiVersion: batch/v1
kind: Job
metadata:
  name: migrate
spec:
  template:
    spec:
      containers:
        - name: migrate
          image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'job', line: 8, column: 7 }],
    },
    good: {
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
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/controllers/job/#pod-template',
      'https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#pod-template',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, spec, specPath }) => {
      // A value that is none of the three is left to manifest/server-rules.
      const value = stringAt(spec, 'restartPolicy') ?? 'Always';
      const isJob = object.kind === 'Job' || object.kind === 'CronJob';
      const wrong = isJob ? value === 'Always' : value === 'OnFailure' || value === 'Never';
      if (object.kind === 'Pod' || !wrong) return [];
      const data = { workload: `${object.kind} ${object.name}`, value };
      return [draftAt(object, [...specPath, 'restartPolicy'], isJob ? 'job' : 'always', { data })];
    });
  },
};
