import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt, stringsAt } from '../read.ts';
import { securityContexts } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

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
    return podTemplates(target).flatMap((template) => {
      const { object, path } = template;
      const annotations = [...path, 'metadata', 'annotations'];
      const fields = securityContexts(template).flatMap((context) => {
        const profile = stringAt(context.fields, 'appArmorProfile', 'type');
        if (profile === undefined || allowed.has(profile)) return [];
        const at = [...context.path, 'appArmorProfile', 'type'];
        return [draftAt(object, at, 'field', { data: { subject: context.subject, profile } })];
      });
      const old = [...stringsAt(object.value, ...annotations)].flatMap(([key, profile]) => {
        if (!key.startsWith(annotation) || isAllowed(profile)) return [];
        const data = { container: key.slice(annotation.length), profile };
        return [draftAt(object, [...annotations, key], 'annotation', { data })];
      });
      return [...fields, ...old];
    });
  },
};

function isAllowed(profile: string): boolean {
  return profile === '' || profile === 'runtime/default' || profile.startsWith('localhost/');
}
