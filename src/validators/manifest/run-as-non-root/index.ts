import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { type Path, partAt } from '../read.ts';
import { type Container, isWindows, type PodTemplate, podTemplates } from '../workloads.ts';

/**
 * Containers run as another user than root, and the kubelet is told to enforce it. A container's own
 * securityContext goes before that of its pod, field by field.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/run-as-non-root',
  title: 'Containers do not run as root',
  severity: 'error',
  cis: ['5.2.7'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Root in a container is root for everything it shares with its node: a flaw in the kernel or a mounted folder is then enough to leave the container.',
    messages: {
      root: 'container {{container}} runs as root: {{field}} is {{value}}',
      unset: 'container {{container}} may run as root: runAsNonRoot is not true for it or its pod',
    },
    remediation:
      'Set runAsNonRoot: true in the securityContext of the pod, with a runAsUser if the image names its user by name.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
  containers:
    - name: web
      image: registry.example/web:1.4.2
      securityContext:
        runAsNonRoot: false
`,
      findings: [{ messageId: 'root', line: 12, column: 23 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsNonRoot: true
    runAsUser: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
      'https://kubernetes.io/docs/tasks/configure-pod-container/security-context/',
    ],
  },
  run({ target }) {
    return podTemplates(target)
      .filter((template) => !isWindows(template))
      .flatMap((template) =>
        template.containers.flatMap((container) => problemOf(template, container) ?? []),
      );
  },
};

function problemOf(template: PodTemplate, container: Container): Draft | undefined {
  const user = effective(template, container, 'runAsUser');
  const nonRoot = effective(template, container, 'runAsNonRoot');
  const root = [user, nonRoot].find(({ value }) => value === 0 || value === false);
  if (root) {
    const data = { container: container.name, field: root.field, value: String(root.value) };
    return draftAt(template.object, root.path, 'root', { data });
  }
  // A number other than 0 is the user, whatever the image says.
  if (nonRoot.value === true || typeof user.value === 'number') return undefined;
  const data = { container: container.name };
  return draftAt(template.object, nonRoot.path, 'unset', { data, severity: 'warning' });
}

interface Setting {
  readonly field: string;
  readonly value: unknown;
  /** Where it is set, or would be for this container alone. */
  readonly path: Path;
}

function effective(
  { spec, specPath }: PodTemplate,
  { value, path }: Container,
  field: string,
): Setting {
  const own = { field, value: partAt(value, 'securityContext', field) ?? null };
  const ownPath = [...path, 'securityContext', field];
  if (own.value !== null) return { ...own, path: ownPath };
  const shared = partAt(spec, 'securityContext', field) ?? null;
  return {
    field,
    value: shared,
    path: shared === null ? ownPath : [...specPath, 'securityContext', field],
  };
}
