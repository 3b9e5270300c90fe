import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { randomFrom } from '../../../scripts/soak/random.ts';
import type { Kube } from '../../../src/adapters/kube/kube.ts';
import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';
import { findArtefact } from '../../../src/validators/manifest/server-rules/artefact.ts';
import {
  type ServerRules,
  startServerRules,
} from '../../../src/validators/manifest/server-rules/host.ts';
import { never, openAdmin } from '../../adapters/kube/administrator.ts';
import { systems } from '../../systems/bed.ts';
import { createNamespace, kubectl, type TestNamespace } from '../../systems/kubernetes.ts';
import { bases } from './bases.ts';
import { mutantOf } from './mutants.ts';

const bed = await systems('kubernetes');
const group = `d${randomBytes(4).toString('hex')}.example.org`;

const definition = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `limits.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: 'limits', singular: 'limit', kind: 'Limit', listKind: 'LimitList' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: {
          openAPIV3Schema: {
            type: 'object',
            required: ['spec'],
            properties: {
              spec: {
                type: 'object',
                properties: {
                  max: { type: 'integer', minimum: 1, default: 3 },
                  min: { type: 'integer' },
                  mode: { type: 'string', enum: ['a', 'b'] },
                  note: { type: 'string', nullable: true, maxLength: 20 },
                  list: {
                    type: 'array',
                    'x-kubernetes-list-type': 'map',
                    'x-kubernetes-list-map-keys': ['name'],
                    items: {
                      type: 'object',
                      required: ['name'],
                      properties: { name: { type: 'string', pattern: '^[a-z0-9-]+$' } },
                    },
                  },
                },
                'x-kubernetes-validations': [
                  { rule: '!has(self.min) || self.min <= self.max', message: 'min over max' },
                ],
              },
            },
          },
        },
      },
    ],
  },
};

const resource: NewKubeObject = {
  apiVersion: `${group}/v1`,
  kind: 'Limit',
  metadata: { name: 'mutant', labels: { app: 'web' } },
  spec: { max: 5, min: 2, mode: 'a', note: 'text', list: [{ name: 'a' }, { name: 'b' }] },
};

const secured = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
const pod: NewKubeObject = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'mutant', labels: { app: 'web' } },
  spec: {
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [
      {
        name: 'web',
        image: 'registry.example/web:1.4.2',
        securityContext: { ...secured, privileged: false, runAsUser: 1000 },
        ports: [{ containerPort: 8080, hostPort: 0 }],
      },
    ],
    volumes: [{ name: 'work', emptyDir: {} }],
    hostNetwork: false,
    hostPID: false,
    hostIPC: false,
  },
};

/** What the rules say of one object beside others, against a server that has those others. */
describe.skipIf(!bed)('objects beside others', () => {
  const stack = new AsyncDisposableStack();
  let home: TestNamespace;
  let kube: Kube;
  let rules: ServerRules;

  beforeAll(async () => {
    home = stack.use(await createNamespace('beside'));
    kube = stack.adopt(await openAdmin(bed, home.name), (open) => open.close());
    const artefact = await findArtefact();
    if (!artefact) throw new Error('the module is not here');
    rules = stack.adopt(startServerRules(artefact), (open) => open.close());
    const account = ['-n', home.name, 'wait', '--for=create', 'serviceaccount/default'];
    await kubectl([...account, '--timeout=60s']);
  });
  afterAll(() => stack.disposeAsync());

  const store = async (object: object, name: string) => {
    await kubectl(['apply', '--filename', '-'], JSON.stringify(object));
    stack.defer(async () => {
      await kubectl(['delete', name, '--ignore-not-found', '--wait=false']);
    });
    await rules.ask([{ op: 'know', doc: object }]);
  };

  async function compare(object: NewKubeObject, asked: { readonly security?: string } = {}) {
    const options = { dryRun: true, fieldValidation: 'Strict' } as const;
    const real = await kube.create(object, options, never);
    const [answer] = await rules.ask([{ op: 'check', doc: object, ns: home.name, ...asked }]);
    const denied = answer?.policies.some(({ actions }) => actions.includes('Deny')) ?? false;
    const ours = answer?.verdict === 'accepted' && answer.security.length === 0 && !denied;
    const accepted = real.outcome === 'ok';
    const said = real.outcome === 'ok' ? 'taken' : real.status.message;
    return { accepted, problem: accepted === ours ? '' : `${said} / ${JSON.stringify(answer)}` };
  }

  /** Of one seed, mutants of an object: every verdict is the same, and both verdicts come. */
  async function agree(
    object: NewKubeObject,
    count: number,
    asked: { readonly security?: string } = {},
  ) {
    const problems: string[] = [];
    let accepted = 0;
    for (let number = 1; number <= count; number += 1) {
      const mutant = mutantOf([object], randomFrom(3_000_003 + number));
      const result = await compare(mutant.object, asked);
      if (result.accepted) accepted += 1;
      if (result.problem !== '') problems.push(`${mutant.how}: ${result.problem}`);
    }
    expect(problems).toEqual([]);
    expect(accepted).toBeGreaterThan(count / 10);
    expect(accepted).toBeLessThan(count);
  }

  it('custom resources and their definition', async () => {
    await store(definition, `customresourcedefinition/limits.${group}`);
    const established = ['wait', '--for=condition=Established', `crd/limits.${group}`];
    await kubectl([...established, '--timeout=60s']);
    await agree(resource, 120);
  }, 300_000);

  it('pods and the level of their namespace', async () => {
    for (const security of ['baseline', 'restricted']) {
      const label = `pod-security.kubernetes.io/enforce=${security}`;
      await kubectl(['label', '--overwrite', 'namespace', home.name, label]);
      await agree(pod, 60, { security });
    }
    const unlabel = 'pod-security.kubernetes.io/enforce-';
    await kubectl(['label', 'namespace', home.name, unlabel]);
  }, 300_000);

  it('deployments and a policy with parameters', async () => {
    const name = `few-${group}`;
    const namespace = JSON.parse(await kubectl(['get', 'namespace', home.name, '-o', 'json']));
    const parameters = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'most', namespace: home.name },
      data: { most: '2' },
    };
    await kubectl(['apply', '--filename', '-'], JSON.stringify(parameters));
    await rules.ask([namespace, parameters].map((doc) => ({ op: 'know', doc })));
    const at = 'admissionregistration.k8s.io/v1';
    const policy = {
      apiVersion: at,
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name },
      spec: {
        matchConstraints: {
          namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': home.name } },
          resourceRules: [
            {
              apiGroups: ['apps'],
              apiVersions: ['v1'],
              operations: ['CREATE'],
              resources: ['deployments'],
            },
          ],
        },
        paramKind: { apiVersion: 'v1', kind: 'ConfigMap' },
        matchConditions: [{ name: 'web', expression: "object.metadata.labels['app'] == 'web'" }],
        variables: [{ name: 'most', expression: 'int(params.data.most)' }],
        validations: [
          { expression: 'object.spec.replicas <= variables.most', message: 'too many' },
          { expression: "namespaceObject.metadata.name != 'other'" },
        ],
      },
    };
    const binding = {
      apiVersion: at,
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name },
      spec: {
        policyName: name,
        validationActions: ['Deny'],
        paramRef: { name: 'most', namespace: home.name, parameterNotFoundAction: 'Deny' },
      },
    };
    await store(policy, `validatingadmissionpolicy/${name}`);
    await store(binding, `validatingadmissionpolicybinding/${name}`);
    const deployment = bases.find(({ kind }) => kind === 'Deployment');
    if (!deployment) throw new Error('there is no base of a Deployment');
    const many = structuredClone(deployment);
    Object.assign(many.spec ?? {}, { replicas: 9 });
    const until = Date.now() + 60_000;
    while ((await kube.create(many, { dryRun: true }, never)).outcome === 'ok') {
      if (Date.now() > until) throw new Error('the policy did not come into force');
      await delay(250);
    }
    const cases = [0, 1, 2, 3, 9].map((replicas) => {
      const object = structuredClone(deployment);
      Object.assign(object.spec ?? {}, { replicas });
      return object;
    });
    const unlabelled = structuredClone(many);
    Object.assign(unlabelled.metadata?.labels ?? {}, { app: 'other' });
    const results = [];
    for (const object of [...cases, unlabelled]) results.push(await compare(object));
    expect(results.flatMap(({ problem }) => problem || [])).toEqual([]);
    expect(results.map(({ accepted }) => accepted)).toEqual([true, true, true, false, false, true]);
  }, 300_000);
});
