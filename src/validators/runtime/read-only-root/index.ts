import type { Check } from '../../../core/check.ts';
import { judgeTightening } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** A container whose root can be written to is tried with one that cannot. */
export const check: Check<StartedContainer> = {
  id: 'runtime/read-only-root',
  title: 'The container works with a read-only root',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'Whoever gets into a container that cannot write to its own files cannot leave a program behind; what writes to its root also fills the disk of its node.',
    messages: {
      unused:
        '{{container}}: works with a read-only root and does not ask for it; set readOnlyRootFilesystem: true',
      needed: '{{container}}: does not work with a read-only root: {{why}}',
    },
    remediation:
      'Set readOnlyRootFilesystem: true, and mount an emptyDir where the process has to write.',
    bad: {
      language: 'observation',
      text: `{
  "process": { "seen": { "uid": 10001, "capabilities": [], "noNewPrivileges": true, "readOnlyRoot": false } },
  "trials": [{ "setting": "read-only-root", "works": true, "why": "" }]
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
      'https://man7.org/linux/man-pages/man5/proc_pid_mountinfo.5.html',
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    ],
  },
  run: (context) =>
    judgeTightening(
      context,
      'root file system',
      ({ readOnlyRoot }) => readOnlyRoot === true,
      'read-only-root',
    ),
};
