import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, stringAt } from '../read.ts';
import { podTemplates } from '../workloads.ts';

/** Pods that ask the DNS of the cluster say how many dots make a name whole. */
export const check: Check<ManifestSet> = {
  id: 'manifest/dns-ndots',
  title: 'Pods say how many dots make a name whole',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The cluster sets ndots: 5, so that a name such as api.example.com is looked for in each search domain first: several questions for one address.',
    messages: { unset: '{{workload}} does not set ndots, which is 5 then' },
    remediation:
      'Set dnsConfig.options to ndots: "2", or end names with a dot. Names of Services keep working with their namespace.',
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
`,
      findings: [{ messageId: 'unset', line: 6, column: 3 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  dnsConfig:
    options:
      - name: ndots
        value: "2"
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/dns-pod-service/#pod-dns-config',
    ],
  },
  run({ target }) {
    return podTemplates(target)
      .filter(
        ({ spec }) =>
          asksCluster(spec) &&
          !listAt(spec, 'dnsConfig', 'options').some(
            (option) => stringAt(option, 'name') === 'ndots',
          ),
      )
      .map(({ object, specPath }) =>
        draftAt(object, [...specPath, 'dnsConfig', 'options'], 'unset', {
          data: { workload: `${object.kind} ${object.name}` },
        }),
      );
  },
};

/** With the network of the node, ClusterFirst means the resolver of the node. */
function asksCluster(spec: Readonly<Record<string, unknown>>): boolean {
  const policy = stringAt(spec, 'dnsPolicy') ?? 'ClusterFirst';
  return (
    policy === 'ClusterFirstWithHostNet' || (policy === 'ClusterFirst' && spec.hostNetwork !== true)
  );
}
