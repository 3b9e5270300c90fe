import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { capabilitiesOf } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/** What the baseline of the Pod Security Standards lets be added: the defaults of container runtimes. */
const baseline: ReadonlySet<unknown> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'NET_BIND_SERVICE',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Each of them is enough to leave the container or to take over its node (capabilities(7)). */
const powers = new Set([
  'ALL',
  'BPF',
  'DAC_READ_SEARCH',
  'MAC_ADMIN',
  'SYS_ADMIN',
  'SYS_BOOT',
  'SYS_MODULE',
  'SYS_PTRACE',
  'SYS_RAWIO',
]);

/** No container adds a capability beyond the baseline. CIS numbers are those of versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/added-capabilities',
  title: 'Containers add no capabilities beyond the baseline',
  severity: 'error',
  cis: ['5.2.8', '5.2.9'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Each capability is a part of the power of root. NET_RAW forges packets of other pods, NET_ADMIN rewrites routes and filters, SYS_ADMIN and a few others lead straight to the node.',
    messages: {
      beyond: 'container {{container}} adds the capability {{capability}}',
      node: 'container {{container}} adds the capability {{capability}}, with which it can take over its node',
    },
    remediation:
      'Remove the capability. A program that only needs a port below 1024 gets by with NET_BIND_SERVICE.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      securityContext:
        capabilities:
          add: [NET_ADMIN, SYS_ADMIN]
`,
      findings: [
        { messageId: 'beyond', line: 11, column: 17 },
        { messageId: 'node', line: 11, column: 28 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      securityContext:
        capabilities:
          drop: [ALL]
          add: [NET_BIND_SERVICE]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://man7.org/linux/man-pages/man7/capabilities.7.html',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap((container) =>
        capabilitiesOf(container, 'add').flatMap((capability, index) => {
          if (typeof capability !== 'string' || baseline.has(capability)) return [];
          const path = [...container.path, 'securityContext', 'capabilities', 'add', index];
          const bare = capability.toUpperCase().replace(/^CAP_/, '');
          const messageId = powers.has(bare) ? 'node' : 'beyond';
          return [
            draftAt(object, path, messageId, { data: { container: container.name, capability } }),
          ];
        }),
      ),
    );
  },
};
