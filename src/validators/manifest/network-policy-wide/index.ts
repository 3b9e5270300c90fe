import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { intOrStringAt, isRecord, listAt, type Path, partAt, stringAt } from '../read.ts';

const directions = [
  ['ingress', 'from'],
  ['egress', 'to'],
] as const;

/** NetworkPolicies name peers. A question to DNS may go to all. */
export const check: Check<ManifestSet> = {
  id: 'manifest/network-policy-wide',
  title: 'NetworkPolicies allow no one in general',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Rules add up: one that allows everybody makes all the others mean nothing, and the pods look guarded.',
    messages: {
      everyone: '{{direction}} of NetworkPolicy {{name}} allows every peer{{ports}}',
      addresses: '{{direction}} of NetworkPolicy {{name}} allows {{cidr}}, every address{{ports}}',
      namespaces:
        '{{direction}} of NetworkPolicy {{name}} allows the pods of every namespace{{ports}}',
    },
    remediation:
      'Name pods, namespaces or ranges, and the ports. For what the world may reach, name the ports at least.',
    bad: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - ipBlock:
            cidr: 0.0.0.0/0
`,
      findings: [{ messageId: 'addresses', line: 12, column: 19 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata:
  name: web
spec:
  podSelector:
    matchLabels:
      app: web
  ingress:
    - from:
        - namespaceSelector:
            matchLabels:
              kubernetes.io/metadata.name: ingress
      ports:
        - port: 8080
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors',
    ],
  },
  run({ target }) {
    return objectsOf(target, 'networking.k8s.io/v1', 'NetworkPolicy').flatMap((policy) =>
      directions.flatMap(([direction, peers]) =>
        listAt(policy.value, 'spec', direction).flatMap((rule, index) =>
          ofRule(policy, direction, rule, ['spec', direction, index], peers),
        ),
      ),
    );
  },
};

function ofRule(
  policy: ManifestObject,
  direction: 'ingress' | 'egress',
  rule: unknown,
  path: Path,
  field: 'from' | 'to',
): Draft[] {
  const ports = listAt(rule, 'ports');
  const asksDns =
    direction === 'egress' &&
    ports.length > 0 &&
    ports.every((port) => Number(intOrStringAt(port, 'port')) === 53);
  // A rule that is nothing, `- ` alone, allows all like `- {}`; one of another type is no rule.
  if (asksDns || !(isRecord(rule) || rule === null)) return [];
  const draft = (at: Path, messageId: string, more: Record<string, string> = {}): Draft =>
    draftAt(policy, at, messageId, {
      data: {
        direction,
        name: policy.name,
        ports: ports.length > 0 ? ' on some ports' : '',
        ...more,
      },
      ...((ports.length > 0 || direction === 'egress') && { severity: 'info' }),
    });
  const peers = listAt(rule, field);
  if (peers.length === 0) return [draft([...path, field], 'everyone')];
  return peers.flatMap((peer, index) => {
    const at = [...path, field, index];
    const cidr = stringAt(peer, 'ipBlock', 'cidr');
    if (cidr?.endsWith('/0') && listAt(peer, 'ipBlock', 'except').length === 0) {
      return [draft([...at, 'ipBlock', 'cidr'], 'addresses', { cidr })];
    }
    return isAll(partAt(peer, 'namespaceSelector')) && isAll(partAt(peer, 'podSelector') ?? {})
      ? [draft([...at, 'namespaceSelector'], 'namespaces')]
      : [];
  });
}

/** A selector that is there and asks for nothing. */
function isAll(selector: unknown): boolean {
  return isRecord(selector) && Object.values(selector).every(isEmpty);
}

function isEmpty(part: unknown): boolean {
  if (Array.isArray(part)) return part.length === 0;
  return isRecord(part) ? Object.keys(part).length === 0 : part === null;
}
