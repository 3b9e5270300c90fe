import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { contextOf } from '../security-context.ts';
import { usersAreOwn } from '../user-namespace.ts';
import { podTemplates } from '../workloads.ts';

/** /proc is masked. */
export const check: Check<ManifestSet> = {
  id: 'manifest/proc-mount',
  title: 'Containers see /proc with its masks',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The runtime hides the parts of /proc that show and steer the kernel of the node. Without the masks a container reads its keys and writes its settings.',
    messages: { unmasked: 'container {{container}} has /proc {{value}}' },
    remediation:
      'Remove procMount. Containers that start containers need it together with hostUsers: false, which the baseline takes from Kubernetes 1.35 on.',
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
        procMount: Unmasked
`,
      findings: [{ messageId: 'unmasked', line: 10, column: 20 }],
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
        procMount: Default
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline'],
  },
  async run({ target }) {
    const excused = await usersAreOwn(target);
    return podTemplates(target).flatMap((template) =>
      template.containers.flatMap(({ name, value, path }) => {
        const mount = contextOf(value).procMount;
        if (typeof mount !== 'string' || mount === 'Default' || excused(template)) return [];
        const at = [...path, 'securityContext', 'procMount'];
        return [
          draftAt(template.object, at, 'unmasked', { data: { container: name, value: mount } }),
        ];
      }),
    );
  },
};
