import { expect, it } from 'vitest';
import { documents, examine, lookedUp, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const configMap =
  'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: settings}\ndata: {mode: fast}\nbinaryData: {logo: AAAA}\n';
const secret =
  'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {user: shop}\ndata: {password: aHVudGVyMg==}\n';
const objects = documents(configMap, secret);

const env = (reference: string) => podWith(`env:\n  - name: A\n    valueFrom:\n      ${reference}`);
const volume = (source: string) => podWith('', `volumes:\n  - name: v\n    ${source}`);

it.each([
  ['a key of a ConfigMap', env('configMapKeyRef: {name: settings, key: mood}'), 14, 52],
  ['a key of a Secret', env('secretKeyRef: {name: login, key: token}'), 14, 46],
  [
    'an item of a volume',
    volume('configMap: {name: settings, items: [{key: x, path: y}]}'),
    13,
    49,
  ],
  [
    'an item of a secret volume',
    volume('secret: {secretName: login, items: [{key: x, path: y}]}'),
    13,
    49,
  ],
  [
    'an item of a projected volume',
    volume('projected: {sources: [{secret: {name: login, items: [{key: x, path: y}]}}]}'),
    13,
    66,
  ],
])('finds %s that is missing', async (_, pod, line, column) => {
  const { seen, messages } = await examine(check, documents(pod, objects));
  expect(seen).toEqual([{ messageId: 'missing-key', line, column }]);
  expect(messages.join()).not.toMatch(/fast|shop|aHVu|hunter/);
});

it.each([
  ['keys of data', env('configMapKeyRef: {name: settings, key: mode}')],
  ['keys of binaryData', volume('configMap: {name: settings, items: [{key: logo, path: l}]}')],
  ['keys of stringData', env('secretKeyRef: {name: login, key: user}')],
  [
    'whole objects',
    podWith('envFrom: [{configMapRef: {name: settings}}, {secretRef: {name: login}}]'),
  ],
  ['an optional key', env('configMapKeyRef: {name: settings, key: x, optional: true}')],
  ['an optional object', volume('secret: {secretName: other, optional: true}')],
  ['a plain value', podWith('env: [{name: A, value: b}]')],
])('is silent for %s', async (_, pod) => {
  expect((await examine(check, documents(pod, objects))).outcome).toBe('pass');
});

it('has not examined what is not in the set', async () => {
  const pod = podWith(
    'envFrom: [{configMapRef: {name: other}}, {configMapRef: {name: other}}, {secretRef: {name: tls}}]',
  );
  const { seen, notExamined, outcome } = await examine(check, documents(pod, objects));
  expect(seen).toEqual([]);
  expect(notExamined).toEqual(['ConfigMap other', 'Secret tls']);
  expect(outcome).toBe('inconclusive');
});

it('believes what is declared external', async () => {
  const pod = podWith('envFrom: [{secretRef: {name: tls}}]');
  expect((await examine(check, pod, { external: ['Secret/tls'] })).outcome).toBe('pass');
  expect((await examine(check, pod, { external: ['Secret/prod/tls'] })).outcome).toBe(
    'inconclusive',
  );
  expect((await examine(check, pod, { externals: [] })).fault).toBe('config-invalid');
});

it('looks in the namespace of the pod', async () => {
  const inNamespace = (text: string, name: string) =>
    text.replace(/^( {2}name: web|metadata: \{)/m, (head) =>
      head.endsWith('{') ? `${head}namespace: ${name}, ` : `${head}\n  namespace: ${name}`,
    );
  const pod = inNamespace(env('configMapKeyRef: {name: settings, key: mode}'), 'a');
  expect((await examine(check, documents(pod, inNamespace(configMap, 'a')))).outcome).toBe('pass');
  expect((await examine(check, documents(pod, inNamespace(configMap, 'b')))).outcome).toBe(
    'inconclusive',
  );
});

it('takes what a cluster has, and finds what it has not', async () => {
  const pod = env('secretKeyRef: {name: elsewhere, key: token}');
  const withKey = (key: string) => lookedUp(pod, { 'Secret elsewhere': { data: { [key]: '' } } });
  expect(await examine(check, withKey('token'))).toMatchObject({ outcome: 'pass', seen: [] });
  expect((await examine(check, withKey('other'))).messages).toEqual([
    'Secret elsewhere has no key token',
  ]);
  expect((await examine(check, lookedUp(pod))).messages).toEqual([
    'Secret elsewhere is neither in the manifests nor in the cluster',
  ]);
});

it('says why a cluster could not be asked', async () => {
  const set = setOf(documents(env('secretKeyRef: {name: elsewhere, key: token}')));
  const { whyNot, outcome } = await examine(check, { ...set, liveProblem: 'it is down' });
  expect([outcome, whyNot]).toEqual(['inconclusive', ['it is down']]);
});

it('names an object that is missing once, and never one of a document that was not read', async () => {
  const pods = documents(
    podWith('envFrom: [{secretRef: {name: tls}}]', 'imagePullSecrets: [{name: pull}]'),
    podWith('envFrom: [{secretRef: {name: tls}}]').replace('name: web', 'name: other'),
  );
  const { seen } = await examine(check, lookedUp(pods));
  expect(seen).toEqual([
    { messageId: 'missing-object', line: 11, column: 36 },
    { messageId: 'missing-object', line: 12, column: 29 },
  ]);
  const broken = { ...lookedUp(pods), complete: false };
  expect(await examine(check, broken)).toMatchObject({ seen: [], outcome: 'inconclusive' });
});

it.each([
  ['sealed', 'apiVersion: bitnami.com/v1alpha1\nkind: SealedSecret\nmetadata: {name: login2}\n'],
  [
    'external',
    'apiVersion: external-secrets.io/v1\nkind: ExternalSecret\nmetadata: {name: x}\nspec: {target: {name: login2}}\n',
  ],
  [
    'issued',
    'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: x}\nspec: {secretName: login2}\n',
  ],
])('takes a Secret that is %s', async (_, maker) => {
  const pod = env('secretKeyRef: {name: login2, key: token}');
  expect((await examine(check, documents(pod, maker))).outcome).toBe('pass');
});

it.each([
  ['a driver', volume('csi: {driver: d, nodePublishSecretRef: {name: other}}')],
  ['the pull of its image', podWith('', 'imagePullSecrets: [{name: other}]')],
  [
    'pulls of an account',
    'apiVersion: v1\nkind: ServiceAccount\nmetadata: {name: a}\nimagePullSecrets: [{name: other}]\n',
  ],
])('asks for the Secret of %s', async (_, pod) => {
  expect((await examine(check, pod)).notExamined).toEqual(['Secret other']);
});
