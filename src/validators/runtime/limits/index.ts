import type { Check } from '../../../core/check.ts';
import { draftOf, judgeSeen } from '../judging.ts';
import type { LimitsSeen, Looked, StartedContainer } from '../observation.ts';

/** What the manifest limits, the control group of the process limits. */
export const check: Check<StartedContainer> = {
  id: 'runtime/limits',
  title: 'Limits are in force',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'container',
  meta: {
    why: 'A limit that stands in a manifest and not in the control group of the process keeps nobody from taking the memory of a whole node.',
    messages: {
      'no-memory-limit': '{{container}}: nothing limits its memory; set resources.limits.memory',
      'not-in-force':
        '{{container}}: its {{resource}} limit is {{declared}} in the manifest and {{inForce}} in its control group',
    },
    remediation:
      'Set resources.limits.memory. Where a limit is declared and not in force, look at the kubelet and the container runtime of the node.',
    bad: {
      language: 'observation',
      text: `{
  "limits": {
    "seen": {
      "memory": { "declared": null, "inForce": null },
      "cpu": { "declared": null, "inForce": null }
    }
  }
}
`,
      findings: [{ messageId: 'no-memory-limit' }],
    },
    good: {
      language: 'observation',
      text: `{
  "limits": {
    "seen": {
      "memory": { "declared": 134217728, "inForce": 134217728 },
      "cpu": { "declared": 0.5, "inForce": 0.5 }
    }
  }
}
`,
      findings: [],
    },
    references: [
      'https://docs.kernel.org/admin-guide/cgroup-v2.html#memory-interface-files',
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
    ],
  },
  run(context) {
    const { target } = context;
    if (target.owner === null && noneDeclared(target.limits)) {
      context.skip('nobody declared a limit for this container');
      return [];
    }
    return judgeSeen(context, 'limits', target.limits, ({ memory, cpu }) => [
      ...(memory.inForce === null && memory.declared === null
        ? [draftOf(target, 'no-memory-limit')]
        : []),
      ...[
        { resource: 'memory', unit: 'bytes', ...memory },
        { resource: 'CPU', unit: 'cores', ...cpu },
      ].flatMap(({ resource, unit, declared, inForce }) => {
        if (declared === null || isSame(declared, inForce)) return [];
        const text = (value: number | null) => (value === null ? 'none' : `${value} ${unit}`);
        const data = { resource, declared: text(declared), inForce: text(inForce) };
        return [draftOf(target, 'not-in-force', data)];
      }),
    ]);
  },
};

/** The kernel counts memory in pages, and CPU time in microseconds of a period. */
const tolerance = 0.02;

const isSame = (declared: number, inForce: number | null): boolean =>
  inForce !== null && Math.abs(inForce - declared) <= declared * tolerance;

const noneDeclared = (limits: Looked<LimitsSeen>): boolean =>
  'seen' in limits && limits.seen.memory.declared === null && limits.seen.cpu.declared === null;
