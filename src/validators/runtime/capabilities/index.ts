import type { Check } from '../../../core/check.ts';
import { judgeTightening } from '../judging.ts';
import type { StartedContainer } from '../observation.ts';

/** A container with effective capabilities is tried without any. */
export const check: Check<StartedContainer> = {
  id: 'runtime/capabilities',
  title: 'The container needs no capabilities',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'Each capability is a part of root; what a process does not use is only of use to whoever takes it over.',
    messages: {
      unused: '{{container}}: has {{names}} and works without; drop ALL',
      needed: '{{container}}: has {{names}} and does not work without capabilities: {{why}}',
    },
    remediation: 'Set capabilities: {drop: [ALL]}, and add back the one that is needed, by name.',
    bad: {
      language: 'observation',
      text: `{
  "process": {
    "seen": { "uid": 10001, "capabilities": ["CAP_CHOWN"], "noNewPrivileges": true, "readOnlyRoot": true }
  },
  "trials": [{ "setting": "no-capabilities", "works": true, "why": "" }]
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
      'https://man7.org/linux/man-pages/man7/capabilities.7.html',
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    ],
  },
  run(context) {
    const { process } = context.target;
    const names = 'seen' in process ? textOf(process.seen.capabilities) : 'capabilities';
    return judgeTightening(
      context,
      'capabilities',
      ({ capabilities }) => capabilities.length === 0,
      'no-capabilities',
      { names },
    );
  },
};

const shown = 3;

function textOf(capabilities: readonly string[]): string {
  if (capabilities.length === 0) return 'no capability in effect';
  const names = capabilities.slice(0, shown).join(', ');
  const more = capabilities.length - shown;
  return more > 0 ? `${names} and ${more} more capabilities` : names;
}
