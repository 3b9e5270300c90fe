import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { formatPath, type Path } from '../read.ts';
import { contextOf, settingOf, settingPath } from '../security-context.ts';
import { usersAreOwn } from '../user-namespace.ts';
import { isWindows, type PodTemplate, podTemplates } from '../workloads.ts';

/** Below it lie the users and groups that distributions and administrators give out on nodes. */
const firstFree = 10_000;

/** Users and groups of containers are nobody's on the node. User 0 is for manifest/run-as-non-root. */
export const check: Check<ManifestSet> = {
  id: 'manifest/low-user-id',
  title: 'Users and groups have high numbers',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Numbers of users are the same inside and outside of a container: a low one is likely somebody’s on the node, whose files and processes a container that gets out then has.',
    messages: {
      low: '{{field}} is {{value}}, below 10000: it may be in use on the node',
      'root-group': '{{field}} has the group 0, which is that of root on the node',
    },
    remediation: 'Use numbers from 10000 on, in the image and in the manifest.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    runAsUser: 1000
    runAsGroup: 0
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [
        { messageId: 'low', line: 7, column: 16 },
        { messageId: 'root-group', line: 8, column: 17 },
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
    runAsUser: 10001
    runAsGroup: 10001
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/tasks/configure-pod-container/security-context/'],
  },
  async run({ target }) {
    const excused = await usersAreOwn(target);
    return podTemplates(target)
      .filter((template) => !isWindows(template) && !excused(template))
      .flatMap((template) => [...processNumbers(template), ...groupNumbers(template)])
      .map(draftOf);
  },
};

interface Entry {
  readonly template: PodTemplate;
  readonly field: string;
  readonly path: Path;
  readonly value: number;
}

const processFields = ['runAsUser', 'runAsGroup'] as const;

/** Each setting that counts for a container, once: several have those of their pod. */
function processNumbers(template: PodTemplate): Entry[] {
  const entries = template.containers.flatMap((container) =>
    processFields.flatMap((field) => {
      const value = settingOf(template, container, field);
      const isGroup = field === 'runAsGroup';
      if (typeof value !== 'number' || value >= firstFree || !(isGroup || value > 0)) return [];
      return [{ template, field, path: settingPath(template, container, field), value }];
    }),
  );
  if (entries.length < 2) return entries;
  return [...new Map(entries.map((entry) => [formatPath(entry.path), entry])).values()];
}

/**
 * Groups that files get, and further ones of every process: such groups often exist already, on shared
 * disks, so that root's alone is too much.
 */
function groupNumbers(template: PodTemplate): Entry[] {
  const { fsGroup, supplementalGroups } = contextOf(template.spec);
  const context = [...template.specPath, 'securityContext'];
  const owner = fsGroup === 0 ? [{ field: 'fsGroup', path: [...context, 'fsGroup'] }] : [];
  const groups: readonly unknown[] = Array.isArray(supplementalGroups) ? supplementalGroups : [];
  const more = groups.flatMap((value, index) => {
    const field = 'supplementalGroups';
    return value === 0 ? [{ field, path: [...context, field, index] }] : [];
  });
  return [...owner, ...more].map((place) => ({ ...place, template, value: 0 }));
}

function draftOf({ template: { object }, field, path, value }: Entry): Draft {
  return value === 0
    ? draftAt(object, path, 'root-group', { data: { field } })
    : draftAt(object, path, 'low', { data: { field, value } });
}
