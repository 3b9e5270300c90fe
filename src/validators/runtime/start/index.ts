import type { Check } from '../../../core/check.ts';
import type { ImageRun } from '../image-run.ts';
import { runDraft } from '../judging-runs.ts';

/** An image, run as it asks to be run, starts and stays. */
export const check: Check<ImageRun> = {
  id: 'runtime/start',
  title: 'The image starts',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'imageRun',
  meta: {
    why: 'An image that does not start anywhere does not start in production either; nothing else that is asked of it while it runs can be answered.',
    messages: {
      refused: '{{image}}: the engine could not start it: {{why}}',
      ended: '{{image}}: {{why}}, {{seconds}} s after its start',
      'not-ready': '{{image}}: was not ready after {{seconds}} s: {{why}}',
    },
    remediation:
      'Read its log among the evidence. Give it what it needs to start with --env-from, --volume and --network, say by --ready how it shows that it is ready, and --ready exit for what is meant to end.',
    bad: {
      language: 'observation',
      text: `{
  "start": {
    "works": false, "by": "settled", "seconds": 0.2, "failure": "ended",
    "why": "it ended with exit code 1; its last line: DATABASE_URL is not set"
  }
}
`,
      findings: [{ messageId: 'ended' }],
    },
    good: {
      language: 'observation',
      text: `{ "start": { "works": true, "by": "health", "seconds": 1.4, "why": "", "failure": null } }
`,
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/cli/docker/container/run/#exit-status',
      'https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerStart',
    ],
  },
  run({ target }) {
    const { failure, by, why, seconds, log } = target.start;
    // That a health check says nothing good is what runtime/health finds.
    if (failure === null || (failure === 'not-ready' && by === 'health')) return [];
    return [runDraft(target, failure, { why, seconds }, log)];
  },
};
