import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { formatPath, type Path } from '../read.ts';
import { containersText, settingOf, settingPath } from '../security-context.ts';
import { usersAreOwn } from '../user-namespace.ts';
import { type Container, isWindows, type PodTemplate, podTemplates } from '../workloads.ts';

/**
 * Containers run as another user than root, and the kubelet is told to enforce it. What one change mends
 * is one finding. CIS numbers are those of the benchmark's versions 1.8 to 1.10.
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
      root: '{{field}} is {{value}}, which allows root for {{containers}}',
      unset:
        'nothing keeps {{containers}} from running as root: runAsNonRoot is not true there or for the pod',
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
  async run({ target }) {
    const excused = await usersAreOwn(target);
    return podTemplates(target)
      .filter((template) => !isWindows(template) && !excused(template))
      .flatMap((template) => {
        const problems = template.containers.flatMap(
          (container) => problemOf(template, container) ?? [],
        );
        const byCause = Map.groupBy(problems, ({ cause }) => cause);
        return [...byCause.values()].flatMap((shared) => draftOf(template.object, shared));
      });
  },
};

interface Problem {
  readonly container: Container;
  /** The same for containers that one change mends. */
  readonly cause: string;
  readonly path: Path;
  /** Undefined when nothing is said. */
  readonly root: { readonly field: string; readonly value: string } | undefined;
}

function problemOf(template: PodTemplate, container: Container): Problem | undefined {
  const user = settingOf(template, container, 'runAsUser');
  const nonRoot = settingOf(template, container, 'runAsNonRoot');
  // A number other than 0 is the user, whatever the image says.
  if (typeof user === 'number' && user !== 0) return undefined;
  const field = user === 0 ? 'runAsUser' : 'runAsNonRoot';
  const path = settingPath(template, container, field);
  if (user === 0 || nonRoot === false) {
    const value = String(user ?? nonRoot);
    return { container, cause: formatPath(path), path, root: { field, value } };
  }
  return nonRoot === true ? undefined : { container, cause: '', path, root: undefined };
}

/** What is said of containers that have a cause in common. */
function draftOf(object: ManifestObject, problems: readonly Problem[]): Draft[] {
  const [first] = problems;
  if (!first) return [];
  const { path, root } = first;
  const containers = containersText(problems.map(({ container }) => container));
  return root
    ? [draftAt(object, path, 'root', { data: { containers, ...root } })]
    : [draftAt(object, path, 'unset', { data: { containers }, severity: 'warning' })];
}
