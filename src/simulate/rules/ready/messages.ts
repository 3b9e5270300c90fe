import type { CauseReason } from '../../observation.ts';

/**
 * What a cause means and what to do next. `{{object}}` is the workload, `{{container}}` is empty or
 * names the container, `{{log}}` is empty or quotes its last line.
 */
export const causeMessages = {
  'image-not-found':
    '{{object}}{{container}}: the image does not exist: {{detail}}; push it, or correct the reference',
  'image-denied':
    '{{object}}{{container}}: the registry does not let the node have the image: {{detail}}; give the pod an imagePullSecret that may read it',
  'image-platform':
    '{{object}}{{container}}: the image is not made for the nodes: {{detail}}; build it for their platform',
  'image-name':
    '{{object}}{{container}}: the reference of the image cannot be used: {{detail}}; correct it',
  'image-pull':
    '{{object}}{{container}}: the image could not be pulled in time: {{detail}}; look at the registry and the way to it',
  'config-missing':
    '{{object}}{{container}}: something it is configured with is missing: {{detail}}; add it to the release or to the namespace',
  'container-config':
    '{{object}}{{container}}: the container cannot be made: {{detail}}; correct its specification',
  'command-not-found':
    '{{object}}{{container}}: its command cannot be started: {{detail}}; correct command and args, or the image',
  'crash-loop':
    '{{object}}{{container}}: crashes again and again: {{detail}}{{log}}; its log is in the evidence',
  'out-of-memory':
    '{{object}}{{container}}: {{detail}}{{log}}; raise resources.limits.memory, or let it use less',
  'probe-failing':
    '{{object}}{{container}}: {{detail}}{{log}}; correct the probe, or what it asks for',
  unschedulable:
    '{{object}}: no node takes the pod: {{detail}}; correct requests, selectors and tolerations, or add nodes',
  volume: '{{object}}: a volume cannot be mounted: {{detail}}; look at its claim and class',
  quota:
    '{{object}}: the quota of the namespace refuses its pods: {{detail}}; ask for less, or raise the quota',
  'pod-security':
    '{{object}}: Pod Security refuses its pods: {{detail}}; give up what the level of the namespace forbids',
  webhook:
    '{{object}}: an admission webhook refuses its pods: {{detail}}; do what it asks for, or ask its owner',
  'pods-refused':
    '{{object}}: its pods are refused: {{detail}}; correct the pod template, or what it refers to',
  'job-failed':
    '{{object}}{{container}}: the Job failed: {{detail}}{{log}}; its log is in the evidence',
  'pod-failed': '{{object}}{{container}}: failed: {{detail}}{{log}}; its log is in the evidence',
  'progress-deadline':
    '{{object}}: made no progress for as long as it may: {{detail}}; look at its events in the evidence',
  'not-ready':
    '{{object}}{{container}}: was not ready in time: {{detail}}{{log}}; look at its events in the evidence, or give it longer with --ready-timeout',
} as const satisfies Record<CauseReason, string>;
