import { describe, expect, it } from 'vitest';
import { readSchemaPool } from '../schema-pool.ts';
import { deploymentWith, documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const newest = (await readSchemaPool()).versions.at(-1);

function at(kubeVersions: readonly string[], text: string) {
  return { ...setOf(text), kubeVersions };
}

describe('kinds', () => {
  const object = (apiVersion: string, kind: string) =>
    `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: web\n`;

  it.each([
    ['batch/v2alpha1', 'CronJob', 1, 13, '; it is in batch/v1'],
    ['extensions/v1', 'Ingress', 1, 13, '; it is in networking.k8s.io/v1'],
    ['v1', 'Deployment', 1, 13, '; it is in apps/v1'],
    ['apps/v1', 'Deploymnet', 2, 7, '; did you mean Deployment?'],
    ['policy/v1', 'PodSecurityPolicy', 2, 7, ''],
    ['networking.k8s.oi/v1', 'Ingress', 1, 13, '; it is in networking.k8s.io/v1'],
    ['v1', 'Status', 2, 7, ''],
  ])('%s %s is unknown', async (apiVersion, kind, line, column, hint) => {
    const { seen, messages } = await examine(check, object(apiVersion, kind));
    expect(seen).toEqual([{ messageId: 'unknown-kind', line, column }]);
    expect(messages).toEqual([`Kubernetes ${newest} has no ${kind} in ${apiVersion}${hint}`]);
  });

  it.each([
    ['example.com/v1', 'Backend'],
    ['monitoring.coreos.com/v1', 'ServiceMonitor'],
    ['gateway.networking.k8s.io/v1', 'HTTPRoute'],
    ['serving.knative.dev/v1', 'Service'],
  ])('%s %s cannot be judged without its definition', async (apiVersion, kind) => {
    const { seen, outcome, notExamined } = await examine(check, object(apiVersion, kind));
    expect([seen, outcome, notExamined]).toEqual([[], 'inconclusive', [`${kind} web`]]);
  });

  it('does not blame a kind that a broken document may define', async () => {
    const text = documents(object('example.com/v1', 'Backend'), 'a: b: c\n');
    const { seen, notExamined } = await examine(check, text);
    expect(seen).toEqual([]);
    expect(notExamined).toEqual(['Backend web']);
    const native = documents(object('apps/v1', 'Backend'), 'a: b: c\n');
    expect((await examine(check, native)).seen).toHaveLength(1);
  });

  it.each([
    ['policy/v1beta1', 'PodDisruptionBudget'],
    ['extensions/v1beta1', 'Ingress'],
  ])('leaves %s %s, which is gone, to manifest/removed-api', async (apiVersion, kind) => {
    const { seen, outcome, whyNot } = await examine(check, object(apiVersion, kind));
    expect([seen, outcome]).toEqual([[], 'inconclusive']);
    expect(whyNot).toEqual([`Kubernetes ${newest} has no ${apiVersion} ${kind} any more`]);
  });

  it('says when a kind comes that is not there yet', async () => {
    const target = at(['1.33'], object('resource.k8s.io/v1', 'DeviceClass'));
    const { messages } = await examine(check, target);
    expect(messages[0]).toContain(
      'no DeviceClass in resource.k8s.io/v1; it comes with Kubernetes 1.34',
    );
  });

  it('takes the versions of Kubernetes it knows', async () => {
    expect((await examine(check, at(['v1.34.4'], podWith()))).outcome).toBe('pass');
    expect((await examine(check, at(['1.23', '1.36'], podWith()))).outcome).toBe('pass');
    expect((await examine(check, at(['1.36', '1.2'], podWith()))).fault).toBe('config-invalid');
  });

  it('says once what several versions have to say, and names them', async () => {
    // resizePolicy came with 1.27, restartPolicyRules with 1.34.
    const fields = 'comand: [x]\nresizePolicy: []\nrestartPolicyRules: []';
    const { messages } = await examine(
      check,
      at(['1.36', '1.26', '1.33', '1.33'], podWith(fields)),
    );
    expect(messages).toEqual([
      'comand is no field of containers[0]; did you mean command? (Kubernetes 1.26, 1.33 and 1.36)',
      expect.stringMatching(/^resizePolicy is no field of containers\[0\].* \(Kubernetes 1\.26\)$/),
      expect.stringMatching(
        /^restartPolicyRules is no field of containers\[0\].* \(Kubernetes 1\.26 and 1\.33\)$/,
      ),
    ]);
  });
});

describe('fields', () => {
  it.each([
    [
      'comand: [x]',
      'unknown-field',
      11,
      7,
      'comand is no field of containers[0]; did you mean command?',
    ],
    ['command: x', 'wrong-type', 11, 16, 'command must be a list, and is a string'],
    ['tty: "yes"', 'wrong-type', 11, 12, 'tty must be true or false, and is a string'],
    [
      'env: [{name: A, value: no}]',
      'wrong-type',
      11,
      30,
      'value must be a string, and is a boolean; put it in quotes',
    ],
    ['env: [{value: x}]', 'required-missing', 11, 13, 'env[0] needs the field name'],
    [
      'ports: [{containerPort: 1}, {containerPort: 1, protocol: TCP}]',
      'duplicate-list-key',
      11,
      35,
      'ports has two entries with the same containerPort and protocol; the first is [0]',
    ],
    [
      'resources: {limits: {cpu: 1 core}}',
      'wrong-type',
      11,
      33,
      'cpu must be a quantity such as 500m or 1Gi, and is a string',
    ],
    [
      'readinessProbe: {tcpSocket: {port: 1.5}}',
      'wrong-type',
      11,
      42,
      'port must be an integer or a string, and is a number',
    ],
    [
      'ports: [{containerPort: 3000000000}]',
      'wrong-type',
      11,
      31,
      'containerPort must be an integer, and is a number',
    ],
    ['constructor: x', 'unknown-field', 11, 7, 'constructor is no field of containers[0]'],
    [
      'runAsNonRoot: true',
      'unknown-field',
      11,
      7,
      'runAsNonRoot is no field of containers[0]; it is a field of securityContext',
    ],
    [
      'volumes: []',
      'unknown-field',
      11,
      7,
      'volumes is no field of containers[0]; it is a field of spec',
    ],
    [
      'args: [8080, 010, on]',
      'wrong-type',
      11,
      14,
      'args[0] must be a string, and is a number; put it in quotes',
      2,
    ],
  ])('%s', async (fields, messageId, line, column, message, more = 0) => {
    const { seen, messages } = await examine(check, podWith(fields));
    expect(seen[0]).toEqual({ messageId, line, column });
    expect(seen).toHaveLength(1 + more);
    expect(messages[0]).toBe(message);
  });

  it('points a missing field to the object that lacks it', async () => {
    const text = deploymentWith('web').replace(/ {2}selector:\n.*\n.*\n/, '');
    const { seen, paths } = await examine(check, text);
    expect(seen).toEqual([{ messageId: 'required-missing', line: 6, column: 3 }]);
    expect(paths).toEqual(['spec.selector']);
  });

  it('does not repeat what a Secret holds', async () => {
    const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: s}\ndata: {key: "hunter2!"}\n';
    const { seen, messages } = await examine(check, secret);
    expect(seen).toEqual([{ messageId: 'wrong-type', line: 4, column: 13 }]);
    expect(messages.join()).not.toContain('hunter2');
  });

  it.each([
    ['null for absent', podWith('command:\nresources: {limits: ~}')],
    ['both forms of a port', podWith('readinessProbe: {httpGet: {port: http}}')],
    ['quantities', podWith('resources: {limits: {cpu: 1.5, memory: 1e3, x/y: 100m, z: .5Gi}}')],
    [
      'equal ports of two protocols',
      podWith('ports: [{containerPort: 1}, {containerPort: 1, protocol: UDP}]'),
    ],
    ['annotations', podWith().replace('  name: web\n', '  name: web\n  annotations: {a/b: "1"}\n')],
    [
      'a definition with any JSON in its defaults',
      'apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: x}\nspec: {group: g, scope: Cluster, names: {kind: X, plural: xs}, versions: [{name: v1, served: true, storage: true, schema: {openAPIV3Schema: {type: object, default: {a: [1]}}}}]}\n',
    ],
  ])('is silent for %s', async (_, text) => {
    expect((await examine(check, text)).messages).toEqual([]);
  });
});

describe('custom resources', () => {
  const definition = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: backends.example.com
spec:
  group: example.com
  scope: Namespaced
  names: {kind: Backend, plural: backends}
  versions:
    - name: v1
      served: true
      storage: true
      schema:
        openAPIV3Schema:
          type: object
          required: [spec]
          properties:
            spec:
              type: object
              required: [hosts]
              properties:
                hosts:
                  type: array
                  x-kubernetes-list-type: map
                  x-kubernetes-list-map-keys: [name]
                  items:
                    type: object
                    properties: {name: {type: string}, port: {x-kubernetes-int-or-string: true}}
                tags: {type: array, x-kubernetes-list-type: set, items: {type: string}}
                size: {type: string, enum: [small, large]}
                host: {type: string, pattern: '^[a-z.]+$', maxLength: 9}
                count: {type: integer, minimum: 1, maximum: 9, multipleOf: 3}
                share: {anyOf: [{type: integer}, {type: string, pattern: '^\\d+%$'}], x-kubernetes-int-or-string: true}
                source: {type: object, maxProperties: 1, oneOf: [{required: [git]}, {required: [oci]}], properties: {git: {type: string}, oci: {type: string}}}
                odd: {type: string, pattern: '^[[:alpha:]]+$'}
                labels: {type: object, additionalProperties: {type: string}}
                free: {type: object, x-kubernetes-preserve-unknown-fields: true}
                pod: {type: object, x-kubernetes-embedded-resource: true, properties: {spec: {type: object}}}
                closed: {type: object}
    - name: v2
      served: false
      storage: false
`;
  const resource = (spec: string, version = 'v1') =>
    `apiVersion: example.com/${version}\nkind: Backend\nmetadata: {name: b}\nspec: ${spec}\n`;
  const lines = definition.split('\n').length;

  it.each([
    ['{hosts: [], hots: 1}', 'unknown-field', 19],
    ['{hosts: x}', 'wrong-type', 15],
    ['{}', 'required-missing', 7],
    ['{hosts: [{name: a}, {name: a}]}', 'duplicate-list-key', 27],
    ['{hosts: [{port: true}]}', 'wrong-type', 23],
    ['{hosts: [], tags: [a, b, a]}', 'duplicate-list-entry', 32],
    ['{hosts: [], labels: {a: 1}}', 'wrong-type', 31],
    ['{hosts: [], closed: {a: 1}}', 'unknown-field', 28],
    ['{hosts: [], pod: {metadata: {nam: x}}}', 'unknown-field', 36],
    ['{hosts: [], size: medium}', 'not-allowed', 25],
    ['{hosts: [], host: A}', 'not-allowed', 25],
    ['{hosts: [], count: 0}', 'not-allowed', 26],
    ['{hosts: [], share: 5}', 'passes', 0],
    ['{hosts: [], share: 5%}', 'passes', 0],
    ['{hosts: [], share: five}', 'not-allowed', 26],
    ['{hosts: [], source: {}}', 'not-allowed', 27],
    ['{hosts: [], source: {git: a}}', 'passes', 0],
    // A pattern that is not read here judges nothing.
    ['{hosts: [], odd: "1"}', 'passes', 0],
  ])('%s', async (spec, messageId, column) => {
    const { seen } = await examine(check, documents(definition, resource(spec)));
    const expected = messageId === 'passes' ? [] : [{ messageId, line: lines + 4, column }];
    expect(seen).toEqual(expected);
  });

  it('says what is demanded, and not what is there', async () => {
    const spec = '{hosts: [], size: hunter2, host: HUNTER2-HUNTER2, count: 10}';
    const { messages } = await examine(check, documents(definition, resource(spec)));
    expect(messages).toEqual([
      'size must be "small" or "large"',
      'host must match ^[a-z.]+$',
      'host must have at most 9 characters',
      'count must be at most 9',
      'count must be a multiple of 3',
    ]);
  });

  it('takes what the definition allows', async () => {
    const spec =
      '{hosts: [{name: a, port: 1}, {name: b, port: http}], labels: {a: b}, free: {x: {y: 1}}, pod: {apiVersion: v1, kind: Pod, metadata: {name: x}}}';
    expect((await examine(check, documents(definition, resource(spec)))).messages).toEqual([]);
  });

  it('checks the metadata as for every object', async () => {
    const text = resource('{hosts: []}').replace('{name: b}', '{name: b, lables: {}}');
    const { messages } = await examine(check, documents(definition, text));
    expect(messages).toEqual(['lables is no field of metadata; did you mean labels?']);
  });

  it('does not know a version that is not served', async () => {
    const { messages } = await examine(check, documents(definition, resource('{}', 'v2')));
    expect(messages).toEqual([
      `Kubernetes ${newest} has no Backend in example.com/v2; it is in example.com/v1`,
    ]);
  });

  it('knows a definition that is given beside the set', async () => {
    const beside = setOf(resource('{hosts: [], hots: 1}'));
    const set = { ...beside, definitions: setOf(definition).objects };
    expect((await examine(check, set)).messages).toEqual([
      'hots is no field of spec; did you mean hosts?',
    ]);
    expect((await examine(check, beside)).outcome).toBe('inconclusive');
  });

  it('has not examined resources whose definition has no schema', async () => {
    const bare = definition.replace('served: false', 'served: true');
    const { notExamined } = await examine(check, documents(bare, resource('{}', 'v2')));
    expect(notExamined).toEqual(['Backend b']);
  });
});
