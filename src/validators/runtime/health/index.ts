import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { runDraft } from '../judging-runs.ts';

/** The health check of an image said healthy while it ran. */
export const check: Check<ImageRun> = {
  id: 'runtime/health',
  title: 'The health check turns healthy',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'A health check that never says healthy keeps whatever waits for it waiting, and has the container replaced for as long as it runs.',
    messages: {
      unhealthy:
        '{{image}}: its health check did not say healthy within {{seconds}} s; it last printed: {{said}}',
    },
    remediation:
      'Run the command of HEALTHCHECK in the container by hand: often the program it calls is not in the image, or it asks another port than the one that is listened on.',
    bad: {
      language: 'observation',
      text: `{ "health": { "seen": { "healthy": false, "seconds": 60, "said": "curl: not found" } } }
`,
      findings: [{ messageId: 'unhealthy' }],
    },
    good: {
      language: 'observation',
      text: `{ "health": { "seen": { "healthy": true, "seconds": 1.2, "said": "" } } }
`,
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  },
  run({ target, notExamined, skip }) {
    const { health } = target;
    if (health === null) {
      skip('the image has no health check');
      return [];
    }
    if ('why' in health) {
      notExamined(`health of ${target.label}`, health.why);
      return [];
    }
    const { healthy, seconds, said } = health.seen;
    return healthy ? [] : [runDraft(target, 'unhealthy', { seconds, said: said || 'nothing' })];
  },
};
