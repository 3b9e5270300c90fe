import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** Programs by the last part of the name of their image. */
const tools = [
  { messageId: 'tiller', image: /(?:^|\/)tiller(?:[:@]|$)/ },
  {
    messageId: 'dashboard',
    image: /(?:^|\/)(?:kubernetes-dashboard(?:-\w+)?|kubernetesui\/dashboard(?:-\w+)?)(?:[:@]|$)/,
  },
] as const;

/** No release brings along a program that acts on the cluster for whoever reaches it. */
export const check: Check<ManifestSet> = {
  id: 'manifest/cluster-tools',
  title: 'No programs that lend their rights',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Such a program has rights for much of the cluster, and whoever reaches its port acts with them.',
    messages: {
      tiller:
        'container {{container}} is Tiller, which Helm needs no more since its version 3: it does for every pod what its own rights allow',
      dashboard:
        'container {{container}} is the Kubernetes dashboard: whoever gets to it acts with its rights',
    },
    remediation:
      'Remove Tiller and use Helm 3 or later. Leave the dashboard out of releases; where it runs, give it no rights of its own and no way in from outside.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: tiller
spec:
  containers:
    - name: tiller
      image: registry.example/helm/tiller:v2.17.0
`,
      findings: [{ messageId: 'tiller', line: 8, column: 14 }],
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
`,
      findings: [],
    },
    references: [
      'https://helm.sh/docs/topics/v2_v3_migration/',
      'https://kubernetes.io/docs/tasks/access-application-cluster/web-ui-dashboard/',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap(({ object, containers }) =>
      containers.flatMap(({ name, value, path }) => {
        const image = stringAt(value, 'image') ?? '';
        const tool = tools.find((one) => one.image.test(image));
        if (!tool) return [];
        return [draftAt(object, [...path, 'image'], tool.messageId, { data: { container: name } })];
      }),
    );
  },
};
