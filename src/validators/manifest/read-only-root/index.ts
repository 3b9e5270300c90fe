import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { contextOf } from '../security-context.ts';
import { isWindows, podTemplates } from '../workloads.ts';

/** Containers cannot change their own programs. */
export const check: Check<ManifestSet> = {
  id: 'manifest/read-only-root',
  title: 'Containers have a read-only root file system',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Whoever gets into a container with a writable root changes what it runs next and brings tools along. What an application writes there is gone with the container, and fills the disk of the node until then.',
    messages: { writable: 'container {{container}} can write to its root file system' },
    remediation:
      'Set readOnlyRootFilesystem: true, and mount an emptyDir where the application writes, such as /tmp.',
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
        readOnlyRootFilesystem: false
`,
      findings: [{ messageId: 'writable', line: 10, column: 33 }],
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
        readOnlyRootFilesystem: true
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  },
  run({ target }) {
    const field = ['securityContext', 'readOnlyRootFilesystem'];
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap(({ object, containers }) =>
        containers
          .filter(({ value }) => contextOf(value).readOnlyRootFilesystem !== true)
          .map(({ name, path }) =>
            draftAt(object, [...path, ...field], 'writable', { data: { container: name } }),
          ),
      );
  },
};
