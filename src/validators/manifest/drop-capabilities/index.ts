import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { capabilitiesOf } from '../security-context.ts';
import { isWindows, podTemplates } from '../workloads.ts';

/** What the baseline lets be added and the restricted level does not; the rest is for added-capabilities. */
const extras: ReadonlySet<unknown> = new Set([
  'AUDIT_WRITE',
  'CHOWN',
  'DAC_OVERRIDE',
  'FOWNER',
  'FSETID',
  'KILL',
  'MKNOD',
  'SETFCAP',
  'SETGID',
  'SETPCAP',
  'SETUID',
  'SYS_CHROOT',
]);

/** Containers have no capabilities. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/drop-capabilities',
  title: 'Containers drop all capabilities',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.2.8', '5.2.9', '5.2.10'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A runtime gives root in a container fourteen capabilities, NET_RAW among them, which forges packets of other pods. Hardly a service needs one.',
    messages: {
      kept: 'container {{container}} does not drop ALL capabilities',
      added:
        'container {{container}} adds the capability {{capability}}, which the restricted level forbids',
    },
    remediation:
      'Set securityContext.capabilities.drop to [ALL], and add NET_BIND_SERVICE for a port below 1024.',
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
          drop: [NET_RAW]
    - name: proxy
      image: registry.example/proxy:2.0.1
      securityContext:
        capabilities:
          drop: [ALL]
          add: [CHOWN]
`,
      findings: [
        { messageId: 'kept', line: 11, column: 17 },
        { messageId: 'added', line: 17, column: 17 },
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
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted'],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap(({ object, containers }) =>
        containers.flatMap((container) => {
          const { name, path } = container;
          const list = [...path, 'securityContext', 'capabilities'];
          const kept = capabilitiesOf(container, 'drop').includes('ALL')
            ? []
            : [draftAt(object, [...list, 'drop'], 'kept', { data: { container: name } })];
          const added = capabilitiesOf(container, 'add').flatMap((capability, index) => {
            if (!extras.has(capability)) return [];
            const data = { container: name, capability: String(capability) };
            return [draftAt(object, [...list, 'add', index], 'added', { data })];
          });
          return [...kept, ...added];
        }),
      );
  },
};
