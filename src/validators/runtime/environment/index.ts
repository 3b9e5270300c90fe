import type { Check } from '../../../core/check.ts';
import { draftOf, judgeSeen } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** Variables that the manifest declares are in the environment of the main process. */
export const check: Check<StartedContainer> = {
  id: 'runtime/environment',
  title: 'Declared variables reach the process',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'An entrypoint that cleans its environment, or a name that is set twice, leaves a process with other settings than those that were reviewed.',
    messages: {
      missing:
        '{{container}}: its main process does not have {{names}}, which the manifest declares',
      different:
        '{{container}}: its main process has another value of {{names}} than the manifest declares',
    },
    remediation:
      'Look at the entrypoint: what starts the program (env -i, su -, sudo, a profile) may drop or change variables.',
    bad: {
      language: 'observation',
      text: `{ "environment": { "seen": { "declared": 3, "missing": ["LOG_LEVEL"], "different": [] } } }
`,
      findings: [{ messageId: 'missing' }],
    },
    good: {
      language: 'observation',
      text: `{ "environment": { "seen": { "declared": 3, "missing": [], "different": [] } } }
`,
      findings: [],
    },
    references: [
      'https://man7.org/linux/man-pages/man5/proc_pid_environ.5.html',
      'https://kubernetes.io/docs/tasks/inject-data-application/define-environment-variable-container/',
    ],
  },
  run(context) {
    const { target } = context;
    return judgeSeen(context, 'environment', target.environment, ({ missing, different }) => [
      ...(missing.length > 0 ? [draftOf(target, 'missing', { names: missing.join(', ') })] : []),
      ...(different.length > 0
        ? [draftOf(target, 'different', { names: different.join(', ') })]
        : []),
    ]);
  },
};
