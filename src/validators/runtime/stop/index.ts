import type { Check } from '../../../core/check.ts';
import { draftOf, judgeSeen } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** A container that was asked to end did so within its grace. */
export const check: Check<StartedContainer> = {
  id: 'runtime/stop',
  title: 'The process ends on SIGTERM',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'What does not end on SIGTERM is killed when its grace is over: requests under way are lost with every deployment, and each pod takes its whole grace to go.',
    messages: {
      killed:
        '{{container}}: did not end on SIGTERM and was killed after {{seconds}} s (grace {{grace}} s); handle SIGTERM, and let the program be the main process',
    },
    remediation:
      'Handle SIGTERM: stop taking requests, finish those under way, exit. A shell as main process does not pass signals on: start the program with exec.',
    bad: {
      language: 'observation',
      text: `{ "stop": { "seen": { "graceSeconds": 30, "seconds": 30.2, "exitCode": 137, "killed": true } } }
`,
      findings: [{ messageId: 'killed' }],
    },
    good: {
      language: 'observation',
      text: `{ "stop": { "seen": { "graceSeconds": 30, "seconds": 0.4, "exitCode": 0, "killed": false } } }
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination',
      'https://man7.org/linux/man-pages/man7/pid_namespaces.7.html',
    ],
  },
  run(context) {
    const { target } = context;
    return judgeSeen(context, 'stopping', target.stop, ({ killed, seconds, graceSeconds }) =>
      killed ? [draftOf(target, 'killed', { seconds, grace: graceSeconds })] : [],
    );
  },
};
