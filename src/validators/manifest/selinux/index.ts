import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { contextsWith } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/** Types that confine a container, with the minor version since which the baseline has them. */
const types: Readonly<Record<string, number>> = {
  container_t: 0,
  container_init_t: 0,
  container_kvm_t: 0,
  container_engine_t: 31,
};

/** SELinux labels are those of containers. */
export const check: Check<ManifestSet> = {
  id: 'manifest/selinux',
  title: 'SELinux labels stay those of containers',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'SELinux keeps a process in a container from the files of its node by their types. Another type, user or role, such as spc_t, takes that away.',
    messages: {
      type: '{{subject}} sets the SELinux type {{value}}, which is none of containers',
      label: '{{subject}} sets the SELinux {{field}} {{value}}',
    },
    remediation:
      'Remove type, user and role from seLinuxOptions. A level may stay: it separates pods from each other.',
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
        seLinuxOptions:
          type: spc_t
          user: system_u
`,
      findings: [
        { messageId: 'type', line: 11, column: 17 },
        { messageId: 'label', line: 12, column: 17 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    seLinuxOptions:
      level: s0:c123,c456
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  async run({ target }) {
    const labelled = podTemplates(target).flatMap((template) =>
      contextsWith(template, 'seLinuxOptions').map((context) => ({
        ...context,
        object: template.object,
      })),
    );
    if (labelled.length === 0) return [];
    const { minorRangeOf } = await import('../kube-targets.ts');
    const { oldest } = await minorRangeOf(target);
    const isType = (type: string) =>
      type === '' || (Object.hasOwn(types, type) && (types[type] ?? 0) <= oldest);
    return labelled.flatMap(({ object, subject, fields, path }) =>
      (['type', 'user', 'role'] as const).flatMap((field) => {
        const value = stringAt(fields, 'seLinuxOptions', field) ?? '';
        if (field === 'type' ? isType(value) : value === '') return [];
        const at = [...path, 'seLinuxOptions', field];
        const messageId = field === 'type' ? 'type' : 'label';
        const data = { subject, value, ...(messageId === 'label' && { field }) };
        return [draftAt(object, at, messageId, { data })];
      }),
    );
  },
};
