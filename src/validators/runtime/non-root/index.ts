import type { Check } from '../../../core/check.ts';
import { draftOf, judgeSeen } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** The effective user of the main process, whatever image and manifest say. */
export const check: Check<StartedContainer> = {
  id: 'runtime/non-root',
  title: 'The process does not run as root',
  severity: 'error',
  critical: true,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'What the image and the manifest say is one thing, what an entrypoint makes of it another: a process that is root is root for everything it shares with its node.',
    messages: {
      root: '{{container}}: its main process runs as root (uid 0)',
      child: '{{container}}: {{command}}, which its main process started, runs as root (uid 0)',
    },
    remediation:
      'Set USER in the image and runAsNonRoot: true in the manifest; an entrypoint that needs root only at the start is better split into an init container.',
    bad: {
      language: 'observation',
      text: `{ "process": { "seen": { "uid": 0, "capabilities": [], "noNewPrivileges": true, "readOnlyRoot": true } } }
`,
      findings: [{ messageId: 'root' }],
    },
    good: {
      language: 'observation',
      text: `{ "process": { "seen": { "uid": 10001, "capabilities": [], "noNewPrivileges": true, "readOnlyRoot": true } } }
`,
      findings: [],
    },
    references: [
      'https://man7.org/linux/man-pages/man5/proc_pid_status.5.html',
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    ],
  },
  run(context) {
    const { target } = context;
    if (target.users === undefined) {
      return judgeSeen(context, 'user', target.process, ({ uid }) =>
        uid === 0 ? [draftOf(target, 'root')] : [],
      );
    }
    return judgeSeen(context, 'users', target.users, ([main, ...others]) => {
      if (main?.uid === 0) return [draftOf(target, 'root')];
      const child = others.find(({ uid }) => uid === 0);
      return child ? [draftOf(target, 'child', { command: child.command })] : [];
    });
  },
};
