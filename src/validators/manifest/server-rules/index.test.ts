import { describe, expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const namespace = `apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce: restricted
`;
const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: limits.example.org
spec:
  group: example.org
  scope: Namespaced
  names: { plural: limits, singular: limit, kind: Limit, listKind: LimitList }
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties:
                max: { type: integer, default: 3 }
                min: { type: integer }
              x-kubernetes-validations:
                - rule: "!has(self.min) || self.min <= self.max"
                  message: min over max
`;
const limit = (min: number) => `apiVersion: example.org/v1
kind: Limit
metadata:
  name: one
spec:
  min: ${min}
`;
const policy = `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: few
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [apps]
        apiVersions: [v1]
        operations: [CREATE]
        resources: [deployments]
  paramKind: { apiVersion: v1, kind: ConfigMap }
  matchConditions:
    - name: not-system
      expression: object.metadata.name != 'system'
  variables:
    - name: most
      expression: int(params.data.most)
  validations:
    - expression: object.spec.replicas <= variables.most
      messageExpression: "'at most ' + string(variables.most)"
`;
const binding = (actions: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: few
spec:
  policyName: few
  validationActions: [${actions}]
  paramRef: { name: most, namespace: default, parameterNotFoundAction: Deny }
`;
const most = `apiVersion: v1
kind: ConfigMap
metadata: { name: most, namespace: default }
data: { most: "3" }
`;

describe(check.id, () => {
  it('says nothing twice that the schema says', async () => {
    const wrong = await examine(check, podWith('imagePullPolcy: Always\n'));
    expect(wrong.seen).toEqual([]);
    const typed = await examine(check, podWith('ports:\n  - containerPort: web\n'));
    expect(typed.seen).toEqual([]);
  });

  it('warns where the server does', async () => {
    const twice = 'env:\n  - { name: A, value: a }\n  - { name: A, value: b }\n';
    const { seen, severities } = await examine(check, podWith(twice));
    expect(seen).toEqual([{ messageId: 'warned', line: 13, column: 11 }]);
    expect(severities).toEqual(['warning']);
  });

  it('names no value of a Secret', async () => {
    const secret = `apiVersion: v1
kind: Secret
metadata: { name: a }
type: kubernetes.io/dockerconfigjson
stringData: { .dockerconfigjson: hunter2 }
`;
    const { messages } = await examine(check, secret);
    expect(messages).toHaveLength(1);
    expect(messages.join()).not.toContain('hunter2');
  });

  it('holds pods to the level of their namespace', async () => {
    const pod = podWith().replace('name: web', 'name: web\n  namespace: shop');
    const { seen, messages } = await examine(check, documents(namespace, pod));
    expect(new Set(seen.map(({ messageId }) => messageId))).toEqual(new Set(['pod-security']));
    expect(messages.join()).toContain('runAsNonRoot != true');
    expect((await examine(check, documents(namespace, podWith()))).seen).toEqual([]);
  });

  it('judges custom resources by the definition beside them', async () => {
    expect((await examine(check, documents(limit(2), definition))).outcome).toBe('pass');
    const { messages, seen } = await examine(check, documents(limit(4), definition));
    expect(messages).toEqual([
      'Kubernetes 1.34 refuses spec: Invalid value: "object": min over max',
    ]);
    expect(seen).toMatchObject([{ line: 6 }]);
    const elsewhere = { ...setOf(limit(4)), definitions: setOf(definition).objects };
    expect((await examine(check, elsewhere)).messages).toEqual(messages);
    const alone = await examine(check, limit(4));
    expect(alone).toMatchObject({ seen: [], outcome: 'inconclusive', notExamined: ['Limit one'] });
  });

  it('asks the policies of the set, with their parameters', async () => {
    const many = deploymentWith('web', 'replicas: 4\n');
    const set = (actions: string, deployment: string) =>
      documents(policy, binding(actions), most, deployment);
    const { seen, messages } = await examine(check, set('Deny', many));
    expect(seen).toMatchObject([{ messageId: 'policy-denies' }]);
    expect(messages.join()).toContain('at most 3');
    expect((await examine(check, set('Warn, Audit', many))).severities).toEqual(['warning']);
    expect(
      (await examine(check, set('Deny', deploymentWith('web', 'replicas: 3\n')))).seen,
    ).toEqual([]);
    const system = deploymentWith('system', 'replicas: 4\n');
    expect((await examine(check, set('Deny', system))).seen).toEqual([]);
    const unknown = await examine(check, documents(policy, binding('Deny'), many));
    expect(unknown).toMatchObject({ seen: [], outcome: 'inconclusive' });
    expect(unknown.whyNot.join()).toContain('ConfigMap that is not among the manifests');
  });

  it('is switched off, and says why, where it is not meant for the target', async () => {
    const set = setOf(check.meta.bad.text);
    const off = await examine(check, { ...set, serverRules: 'off' });
    expect(off).toMatchObject({ outcome: undefined, seen: [], skipped: 1 });
    expect(off.notMeant.join()).toContain('turned off by --server-rules off');
    const other = await examine(check, { ...set, kubeVersions: ['1.36', '1.37'] });
    expect(other).toMatchObject({ outcome: undefined, seen: [], skipped: 1 });
    expect(other.notMeant.join()).toContain('those of 1.34, not of 1.36, 1.37');
    const asked = await examine(check, { ...set, serverRules: 'on', kubeVersions: ['1.37'] });
    expect(asked).toMatchObject({ outcome: 'findings', skipped: 0, notMeant: [] });
    const among = await examine(check, { ...set, kubeVersions: ['v1.34.2', '1.37'] });
    expect(among).toMatchObject({ outcome: 'findings', skipped: 0 });
  });
});
