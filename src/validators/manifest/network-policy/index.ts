import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { selectedFinder } from '../pod-index.ts';
import { listAt, partAt } from '../read.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';

/** Kinds that guard pods, too, in selectors of their own. */
const otherPolicies = [
  ['cilium.io/v2', 'CiliumNetworkPolicy'],
  ['cilium.io/v2', 'CiliumClusterwideNetworkPolicy'],
  ['projectcalico.org/v3', 'NetworkPolicy'],
  ['projectcalico.org/v3', 'GlobalNetworkPolicy'],
  ['crd.projectcalico.org/v1', 'NetworkPolicy'],
  ['crd.projectcalico.org/v1', 'GlobalNetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha1', 'AdminNetworkPolicy'],
  ['policy.networking.k8s.io/v1alpha1', 'BaselineAdminNetworkPolicy'],
] as const;

/**
 * A NetworkPolicy selects every pod, for what comes in and what goes out. One with an empty podSelector
 * selects its namespace; pods with the network of their node are out of reach of all.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/network-policy',
  title: 'NetworkPolicies select every pod',
  severity: 'warning',
  preset: 'recommended',
  cis: ['5.3.2'],
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A pod that no policy selects talks to every pod of the cluster and is talked to by every one: whoever takes over one service reaches all of them.',
    messages: {
      none: 'no NetworkPolicy selects the pods of {{workload}}',
      'no-ingress': 'no NetworkPolicy says who may connect to the pods of {{workload}}',
      'no-egress': 'no NetworkPolicy says what the pods of {{workload}} may connect to',
    },
    remediation:
      'Add a NetworkPolicy with an empty podSelector and both policyTypes, which forbids all, and others that allow what is needed; DNS is needed by nearly all.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: database
spec:
  podSelector:
    matchLabels:
      app: database
  policyTypes: [Ingress, Egress]
`,
      findings: [{ messageId: 'none', line: 4, column: 9 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: nothing
spec:
  podSelector: {}
  policyTypes: [Ingress, Egress]
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/network-policies/',
      'https://www.cisecurity.org/benchmark/kubernetes',
    ],
  },
  run({ target, notExamined }) {
    const select = selectedFinder(target);
    const guarded = { Ingress: new Set<PodTemplate>(), Egress: new Set<PodTemplate>() };
    for (const policy of objectsOf(target, 'networking.k8s.io/v1', 'NetworkPolicy')) {
      const selected = select(policy, partAt(policy.value, 'spec', 'podSelector'));
      for (const direction of directionsOf(policy)) {
        for (const template of selected) guarded[direction].add(template);
      }
    }
    const open = podTemplates(target).flatMap((template) => {
      const [into, out] = [guarded.Ingress.has(template), guarded.Egress.has(template)];
      return (into && out) || template.spec.hostNetwork === true ? [] : [{ template, into, out }];
    });
    if (open.length === 0) return [];
    const [foreign] = otherPolicies.flatMap(([version, kind]) => objectsOf(target, version, kind));
    if (foreign || !target.complete) {
      notExamined(
        'network policies',
        foreign
          ? `${foreign.kind} ${foreign.name} selects pods in a way of its own`
          : 'a part of the manifests was not read',
      );
      return [];
    }
    return open.map(({ template: { object }, into, out }) =>
      draftAt(object, ['metadata', 'name'], into ? 'no-egress' : out ? 'no-ingress' : 'none', {
        data: { workload: `${object.kind} ${object.name}` },
        ...(into && { severity: 'info' }),
      }),
    );
  },
};

/** What a policy says nothing about stays open. Without `policyTypes`, egress counts where it has rules. */
function directionsOf({ value }: ManifestObject): readonly ('Ingress' | 'Egress')[] {
  const types = listAt(value, 'spec', 'policyTypes');
  if (types.length > 0) {
    return (['Ingress', 'Egress'] as const).filter((direction) => types.includes(direction));
  }
  return listAt(value, 'spec', 'egress').length > 0 ? ['Ingress', 'Egress'] : ['Ingress'];
}
