import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Simulation } from '../../observation.ts';

/** Shares of one. */
const defaults = { memoryShare: 0.9, throttledShare: 0.25 };

/** The limits leave room for what the containers used while nobody asked much of them. */
export const check: Check<Simulation> = {
  id: 'simulation/usage',
  title: 'Limits leave room',
  severity: 'warning',
  critical: false,
  item: 'simulation',
  appliesTo: 'simulation',
  meta: {
    why: 'What is near its limit without load is beyond it under load: the container is killed for want of memory, or held back until its probes fail.',
    messages: {
      memory: '{{pod}}, container {{container}}: used {{percent}} % of its memory limit',
      throttled:
        '{{pod}}, container {{container}}: its CPU limit held it back in {{percent}} % of its periods',
    },
    remediation: 'Raise the limit, or find out what takes so much when nothing is asked.',
    bad: {
      language: 'observation',
      text: `{
  "usage": {
    "soakSeconds": 30, "unavailable": null, "restarts": [],
    "containers": [
      {
        "pod": "shop-5d9c7b-x2x4q", "container": "shop", "cpuCores": 0.02, "throttledShare": 0,
        "memoryBytes": 125000000, "memoryLimitBytes": 134217728, "samples": 6
      }
    ]
  }
}
`,
      findings: [{ messageId: 'memory' }],
    },
    good: {
      language: 'observation',
      text: '{ "usage": { "soakSeconds": 30, "unavailable": null, "containers": [], "restarts": [] } }\n',
      findings: [],
    },
    options: {
      memoryShare: 'share of the memory limit from which on it is told, 0.9',
      throttledShare: 'share of held back periods from which on it is told, 0.25',
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
    ],
  },
  run({ target, options }) {
    const memoryShare = shareOf(options.memoryShare, defaults.memoryShare);
    const most = shareOf(options.throttledShare, defaults.throttledShare);
    return target.usage.containers.flatMap((used): Draft[] => {
      const { pod, container, memoryBytes, memoryLimitBytes, throttledShare } = used;
      const told = (messageId: string, share: number): Draft => {
        const data = { pod, container, percent: Math.round(share * 100) };
        return { messageId, data, location: {}, identity: container };
      };
      const memory = memoryLimitBytes ? memoryBytes / memoryLimitBytes : 0;
      return [
        ...(memory >= memoryShare ? [told('memory', memory)] : []),
        ...((throttledShare ?? 0) >= most ? [told('throttled', throttledShare ?? 0)] : []),
      ];
    });
  },
};

const shareOf = (value: unknown, otherwise: number): number =>
  typeof value === 'number' && value > 0 && value <= 1 ? value : otherwise;
