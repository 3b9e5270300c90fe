import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { judgeRunTrial } from '../judging-runs.ts';

/** An image is tried with no network but its own loopback. */
export const check: Check<ImageRun> = {
  id: 'runtime/network-at-start',
  title: 'The image starts without a network',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'What calls somebody at its start cannot start while they are away: a name server that is late, or a licence server far away, then decides how long an outage lasts.',
    messages: {
      needed: '{{image}}: does not start without a network: {{why}}',
    },
    remediation:
      'Let the program start and answer its probes while what it needs is away, and try again. Fetch what it needs from elsewhere when the image is built.',
    bad: {
      language: 'observation',
      text: `{
  "trials": [
    {
      "setting": "no-network", "tried": "no network", "works": false, "asked": true,
      "why": "it ended with exit code 1; its last line: lookup updates.example.com: no such host"
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
    { "setting": "no-network", "tried": "no network", "works": true, "why": "", "asked": true }
  ]
}
`,
      findings: [],
    },
    references: ['https://docs.docker.com/engine/network/drivers/none/'],
  },
  run: (context) => judgeRunTrial(context, 'no-network', 'needed'),
};
