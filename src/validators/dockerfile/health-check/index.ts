import type { Check } from '../../../core/check.ts';
import { type Dockerfile, lastStage, lineage, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/health-check',
  title: 'The image says how its health is asked',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Engines and Compose restart and order containers by HEALTHCHECK. Kubernetes has probes of its own and does not read it.',
    messages: {
      missing: 'the image has no HEALTHCHECK',
      none: 'HEALTHCHECK NONE switches off what the base image has',
    },
    remediation:
      'Add a HEALTHCHECK that asks the process itself, or leave the rule out where only Kubernetes runs the image.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCMD ["/app"]\n',
      findings: [{ messageId: 'missing', line: 1, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nHEALTHCHECK CMD ["/app", "health"]\nCMD ["/app"]\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#healthcheck'],
  },
  run({ target }) {
    const last = lastStage(target);
    if (!last) return [];
    const checks = lineage(last).flatMap(({ instructions }) =>
      ofKeyword(instructions, 'HEALTHCHECK'),
    );
    const one = checks.at(-1);
    if (!one) return [draftAt(target, last.from.place, 'missing')];
    return /^NONE$/i.test(one.body.text) ? [draftAt(target, one.place, 'none')] : [];
  },
};
