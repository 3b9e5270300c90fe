import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { judgeRunTrial } from '../judging-runs.ts';

/** An image is tried as a user that its passwd does not know, in group 0. */
export const check: Check<ImageRun> = {
  id: 'runtime/any-user',
  title: 'The image runs as any user',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'OpenShift, and policies like its own, run every container as a user id of their choosing in group 0; an image that works for one id only cannot be moved there.',
    messages: {
      needed: '{{image}}: does not work as {{tried}}, which its passwd does not know: {{why}}',
    },
    remediation:
      'Let group 0 own what the program writes to, with the rights of its owner (chgrp -R 0, chmod -R g=u), and do not look the user up by name.',
    bad: {
      language: 'observation',
      text: `{
  "trials": [
    {
      "setting": "other-user", "tried": "uid 40213", "works": false, "asked": true,
      "why": "it ended with exit code 1; its last line: /data/lock: Permission denied"
    }
  ]
}
`,
      findings: [{ messageId: 'needed' }],
    },
    good: {
      language: 'observation',
      text: `{
  "trials": [
    { "setting": "other-user", "tried": "uid 40213", "works": true, "why": "", "asked": true }
  ]
}
`,
      findings: [],
    },
    references: [
      'https://docs.redhat.com/en/documentation/openshift_container_platform/4.18/html/images/creating-images#images-create-guide-openshift_create-images',
    ],
  },
  run: (context) => judgeRunTrial(context, 'other-user', 'needed'),
};
