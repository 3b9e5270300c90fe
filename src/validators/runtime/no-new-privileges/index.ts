import type { Check } from '../../../core/check.ts';
import { judgeTightening } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** A container whose process may gain privileges is tried as one that may not. */
export const check: Check<StartedContainer> = {
  id: 'runtime/no-new-privileges',
  title: 'The process cannot gain privileges',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'Without it, one setuid program in the image is enough for a process to become more than it was started as.',
    messages: {
      unused:
        '{{container}}: works without gaining privileges and may gain them; set allowPrivilegeEscalation: false',
      needed: '{{container}}: does not work when it cannot gain privileges: {{why}}',
    },
    remediation:
      'Set allowPrivilegeEscalation: false, and replace what relies on setuid programs such as sudo.',
    bad: {
      language: 'observation',
      text: `{
  "process": { "seen": { "uid": 10001, "capabilities": [], "noNewPrivileges": false, "readOnlyRoot": true } },
  "trials": [{ "setting": "no-new-privileges", "works": true, "why": "" }]
}
`,
      findings: [{ messageId: 'unused' }],
    },
    good: {
      language: 'observation',
      text: `{ "process": { "seen": { "uid": 10001, "capabilities": [], "noNewPrivileges": true, "readOnlyRoot": true } } }
`,
      findings: [],
    },
    references: [
      'https://docs.kernel.org/userspace-api/no_new_privs.html',
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    ],
  },
  run: (context) =>
    judgeTightening(
      context,
      'privileges',
      ({ noNewPrivileges }) => noNewPrivileges,
      'no-new-privileges',
    ),
};
