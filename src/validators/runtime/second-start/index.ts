import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { judgeRunTrial } from '../judging-runs.ts';

/** An image whose volumes are in use is stopped, and a new container starts on the same volumes. */
export const check: Check<ImageRun> = {
  id: 'runtime/second-start',
  title: 'A second start on the same volumes works',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'Every deployment and every crash is a second start on what the first one left: a lock file, a half-made database or a step that must run only once then keeps the release down.',
    messages: {
      broken: '{{image}}: does not start again on the volumes of its first start: {{why}}',
    },
    remediation:
      'Make what happens at the start repeatable: create only what is missing, and take a lock that its owner no longer holds.',
    bad: {
      language: 'observation',
      text: `{
  "trials": [
    {
      "setting": "second-start", "tried": "/data", "works": false, "asked": true,
      "why": "it ended with exit code 1; its last line: /data/lock exists"
    }
  ]
}
`,
      findings: [{ messageId: 'broken' }],
    },
    good: {
      language: 'observation',
      text: `{
  "trials": [
    { "setting": "second-start", "tried": "/data", "works": true, "why": "", "asked": true }
  ]
}
`,
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#volume'],
  },
  run: (context) => judgeRunTrial(context, 'second-start', 'broken'),
};
