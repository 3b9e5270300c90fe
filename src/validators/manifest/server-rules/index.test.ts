import { describe, expect, it } from 'vitest';
import type { ManifestSet } from '../load.ts';
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
/** One that holds Deployments to an expression. */
const policyOf = (expression: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: own
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [apps]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [deployments]
  validations:
    - expression: ${JSON.stringify(expression)}
      message: not as we want it
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
    const off = await examine(check, { ...set, serverRules: { mode: 'off' } });
    expect(off).toMatchObject({ outcome: undefined, seen: [], skipped: 1 });
    expect(off.notMeant.join()).toContain('turned off by --server-rules off');
    const other = await examine(check, { ...set, kubeVersions: ['1.36', '1.37'] });
    expect(other).toMatchObject({ outcome: undefined, seen: [], skipped: 1 });
    expect(other.notMeant.join()).toContain('those of 1.34, not of 1.36, 1.37');
    const asked = await examine(check, {
      ...set,
      serverRules: { mode: 'on' },
      kubeVersions: ['1.37'],
    });
    expect(asked).toMatchObject({ outcome: 'findings', skipped: 0, notMeant: [] });
    const among = await examine(check, { ...set, kubeVersions: ['v1.34.2', '1.37'] });
    expect(among).toMatchObject({ outcome: 'findings', skipped: 0 });
  });

  it('holds every namespace to the level that is asked for', async () => {
    const asked = (security: 'privileged' | 'baseline' | 'restricted', text: string) =>
      examine(check, { ...setOf(text), serverRules: { podSecurity: { security } } });
    expect((await asked('restricted', podWith())).messages.join()).toContain('runAsNonRoot');
    expect((await asked('baseline', podWith())).outcome).toBe('pass');
    const labelled = podWith().replace('name: web', 'name: web\n  namespace: shop');
    expect((await asked('privileged', documents(namespace, labelled))).outcome).toBe('pass');
  });

  it('holds pods to a version of the level', async () => {
    const probe = 'livenessProbe: { httpGet: { port: 80, host: 10.0.0.1 } }\n';
    const since = async (securityVersion: string) => {
      const podSecurity = { security: 'baseline', securityVersion } as const;
      return examine(check, { ...setOf(podWith(probe)), serverRules: { podSecurity } });
    };
    expect((await since('v1.33')).outcome).toBe('pass');
    expect((await since('v1.34')).messages.join()).toContain('probe or lifecycle host');
  });

  describe('with the release before', () => {
    const over = (before: string, now: string) =>
      examine(check, { ...setOf(now), before: setOf(before).objects });

    it('finds what cannot be changed', async () => {
      const now = deploymentWith('web').replaceAll('app: web', 'app: shop');
      const { seen, messages } = await over(deploymentWith('web'), now);
      expect(seen).toEqual([{ messageId: 'refused', line: 7, column: 5 }]);
      expect(messages.join()).toContain('field is immutable');
    });

    it('takes what can be, and what is new', async () => {
      const now = documents(deploymentWith('web', 'replicas: 4\n'), podWith());
      expect((await over(deploymentWith('web'), now)).outcome).toBe('pass');
    });

    it('says so where nothing could be updated', async () => {
      const broken = deploymentWith('web').replace('app: web', 'app: shop');
      const found = await over(broken, deploymentWith('web'));
      expect(found).toMatchObject({ outcome: 'inconclusive', seen: [] });
      expect(found.notExamined).toEqual(['the update of Deployment web']);
      const old = deploymentWith('web').replace('apps/v1', 'apps/v1beta2');
      expect((await over(old, deploymentWith('web'))).whyNot.join()).toContain('apps/v1beta2');
    });

    it('gives it to policies', async () => {
      const fewer = policyOf(
        'oldObject == null || object.spec.replicas >= oldObject.spec.replicas',
      );
      const found = await examine(check, {
        ...setOf(deploymentWith('web', 'replicas: 2\n')),
        before: setOf(deploymentWith('web', 'replicas: 3\n')).objects,
        policies: setOf(fewer).objects,
      });
      expect(found.seen).toMatchObject([{ messageId: 'policy-denies' }]);
    });
  });

  describe('with policies that are no part of the set', () => {
    const held = (policies: string, now: string, more: Partial<ManifestSet> = {}) =>
      examine(check, { ...setOf(now), ...more, policies: setOf(policies).objects });
    const few = policyOf('object.spec.replicas <= 3');
    const many = deploymentWith('web', 'replicas: 4\n');

    it('holds all to one without a binding', async () => {
      const { seen, severities } = await held(few, many);
      expect(seen).toEqual([{ messageId: 'policy-denies', line: 4, column: 9 }]);
      expect(severities).toEqual(['error']);
      expect((await held(few, deploymentWith('web', 'replicas: 3\n'))).outcome).toBe('pass');
    });

    it('acts as its binding says', async () => {
      const bound = (action: string) => documents(policy, binding(action), most);
      expect((await held(bound('Warn'), many)).severities).toEqual(['warning']);
      expect((await held(bound('Audit'), many)).severities).toEqual(['info']);
    });

    it('holds whatever the version is, and to nothing else', async () => {
      const now = documents(many, check.meta.bad.text);
      const { seen } = await held(few, now, { kubeVersions: ['1.37'] });
      expect(seen).toMatchObject([{ messageId: 'policy-denies' }]);
    });

    it('is no pass where they are turned off', async () => {
      const off = await held(few, many, { serverRules: { mode: 'off' } });
      expect(off).toMatchObject({ outcome: 'inconclusive', seen: [] });
    });

    it('says what it cannot know', async () => {
      const unbound = await held(documents(policy, most), many);
      expect(unbound.whyNot.join()).toContain('it takes parameters');
      expect(unbound.outcome).not.toBe('pass');
    });

    it('is a fault where a server would not take them', async () => {
      const broken = await held(few.replace('<= 3', '<= three'), many);
      expect(broken).toMatchObject({ outcome: 'inconclusive', fault: 'config-invalid' });
    });
  });

  it('judges by what the server is started with', async () => {
    const service = (port: number) => `apiVersion: v1
kind: Service
metadata: { name: web }
spec:
  type: NodePort
  selector: { app: web }
  ports: [{ port: 80, nodePort: ${port} }]
`;
    const cluster = { nodePorts: [30_000, 32_767] } as const;
    const judged = (port: number) =>
      examine(check, { ...setOf(service(port)), serverRules: { cluster } });
    expect((await judged(30_080)).outcome).toBe('pass');
    expect((await judged(80)).messages.join()).toContain('not in the valid range');
    expect((await examine(check, service(80))).outcome).toBe('pass');
    const forbidden = { cluster: { allowPrivileged: false } };
    const privileged = podWith('securityContext: { privileged: true }\n');
    expect((await examine(check, { ...setOf(privileged), serverRules: forbidden })).seen).toEqual([
      { messageId: 'refused', line: 11, column: 38 },
    ]);
  });
});
