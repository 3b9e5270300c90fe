import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { wordOf } from '../options.ts';
import { partAt } from '../read.ts';
import { limitFinder } from '../resources.ts';
import { podTemplates } from '../workloads.ts';

const id = 'manifest/cpu-limit';

/**
 * Whether containers have a CPU limit. Teams disagree: a limit keeps neighbours apart, and slows a
 * container down while its node is idle. So option `want` says which of both is held to.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'CPU limits are as the team wants them',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A CPU limit is enforced in slices of a tenth of a second: a container waits in each once its share is used, even where the node has nothing else to do. Without one, what it takes beyond its request depends on the neighbours.',
    messages: {
      missing: 'container {{container}} has no CPU limit',
      present: 'container {{container}} has a CPU limit',
    },
    remediation:
      'Set or remove resources.limits.cpu, or leave the rule without its option. A CPU request is needed in both cases.',
    options: {
      want: '`required`: every container has a CPU limit; `forbidden`: none has; without it the rule says nothing',
    },
    bad: {
      language: 'yaml',
      options: { want: 'forbidden' },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      resources:
        requests:
          cpu: 100m
        limits:
          cpu: 100m
`,
      findings: [{ messageId: 'present', line: 13, column: 11 }],
    },
    good: {
      language: 'yaml',
      options: { want: 'forbidden' },
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      resources:
        requests:
          cpu: 100m
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#how-pods-with-resource-limits-are-run',
      'https://www.kernel.org/doc/html/latest/scheduler/sched-bwc.html',
    ],
  },
  run({ target, options, skip }) {
    const want = wordOf(id, options, 'want', ['required', 'forbidden']);
    if (!want) {
      skip('it has no option `want`, which says whether CPU limits are required or forbidden');
      return [];
    }
    const isLimited = limitFinder(target);
    return podTemplates(target).flatMap((template) =>
      template.containers
        .filter((container) => container.longRunning)
        .flatMap((container): Draft[] => {
          const own = (partAt(container.value, 'resources', 'limits', 'cpu') ?? null) !== null;
          const wrong = want === 'forbidden' ? own : !isLimited(template, container, 'cpu');
          if (!wrong) return [];
          const path = [...container.path, 'resources', 'limits', 'cpu'];
          const data = { container: container.name };
          const messageId = want === 'forbidden' ? 'present' : 'missing';
          return [draftAt(template.object, path, messageId, { data, part: 'key' })];
        }),
    );
  },
};
