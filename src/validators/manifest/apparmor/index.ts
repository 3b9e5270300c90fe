import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, partAt, stringAt } from '../read.ts';
import { contextsWith } from '../security-context.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

const allowed = new Set(['RuntimeDefault', 'Localhost']);

/** What said it before Kubernetes 1.30 had the field; the name of a container follows. */
const annotation = 'container.apparmor.security.beta.kubernetes.io/';

/** AppArmor confines every container, by the runtime's profile or one of the node. */
export const check: Check<ManifestSet> = {
  id: 'manifest/apparmor',
  title: 'AppArmor is not switched off',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The profile of the container runtime keeps even root in a container from mounting, tracing others and writing to /proc and /sys. Unconfined takes that away.',
    messages: {
      field: '{{subject}} sets the AppArmor profile {{profile}}',
      annotation: 'container {{container}} has the AppArmor profile {{profile}} by annotation',
    },
    remediation:
      'Remove the setting, which leaves RuntimeDefault, or name a profile of the node with Localhost.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    appArmorProfile:
      type: Unconfined
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'field', line: 8, column: 13 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    appArmorProfile:
      type: RuntimeDefault
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://kubernetes.io/docs/tutorials/security/apparmor/',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap((template) => [
      ...fieldsOf(template),
      ...annotationsOf(template),
    ]);
  },
};

function fieldsOf(template: PodTemplate): Draft[] {
  return contextsWith(template, 'appArmorProfile').flatMap(({ subject, fields, path }) => {
    const profile = stringAt(fields, 'appArmorProfile', 'type');
    if (profile === undefined || allowed.has(profile)) return [];
    const at = [...path, 'appArmorProfile', 'type'];
    return [draftAt(template.object, at, 'field', { data: { subject, profile } })];
  });
}

function annotationsOf({ object, path }: PodTemplate): Draft[] {
  const place = [...path, 'metadata', 'annotations'];
  const annotations = partAt(object.value, ...place);
  if (!isRecord(annotations)) return [];
  return Object.entries(annotations).flatMap(([key, profile]) => {
    if (!key.startsWith(annotation) || typeof profile !== 'string' || isAllowed(profile)) return [];
    const data = { container: key.slice(annotation.length), profile };
    return [draftAt(object, [...place, key], 'annotation', { data })];
  });
}

function isAllowed(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
