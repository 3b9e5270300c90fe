import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { judgeRunTrial } from '../judging-runs.ts';

/** An image is tried within the memory that it is to be given. */
export const check: Check<ImageRun> = {
  id: 'runtime/memory',
  title: 'The image runs within its memory limit',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'What needs more memory to start than its limit allows is killed by the kernel before it has served anything, on every node and at every try.',
    messages: {
      exceeded: '{{image}}: does not start with {{tried}} of memory: {{why}}',
    },
    remediation:
      'Raise the limit, or let the program see it: heaps of the JVM, Node.js and Go have settings that follow the control group.',
    bad: {
      language: 'observation',
      text: `{
  "trials": [
    {
      "setting": "memory-limit", "tried": "64 MiB", "works": false, "asked": true,
      "why": "the kernel ended it for want of memory"
    }
  ]
}
`,
      findings: [{ messageId: 'exceeded' }],
    },
    good: {
      language: 'observation',
      text: `{
  "trials": [
    { "setting": "memory-limit", "tried": "64 MiB", "works": true, "why": "", "asked": true }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files',
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
    ],
  },
  run: (context) => judgeRunTrial(context, 'memory-limit', 'exceeded'),
};
