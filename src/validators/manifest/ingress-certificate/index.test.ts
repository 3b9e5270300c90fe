import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const ingress = (annotations = '') =>
  `apiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {name: web${annotations}}\nspec: {tls: [{secretName: shop-tls}]}\n`;
const secret = (data: string) =>
  `apiVersion: v1\nkind: Secret\nmetadata: {name: shop-tls}\n${data}\n`;

it('finds a Secret that a cluster does not have, and one that is no certificate', async () => {
  const at = { line: 4, column: 27 };
  expect((await examine(check, lookedUp(ingress()))).seen).toEqual([
    { messageId: 'missing-object', ...at },
  ]);
  expect(
    (await examine(check, documents(ingress(), secret('data: {tls.crt: QQ==}')))).seen,
  ).toEqual([{ messageId: 'missing-key', ...at }]);
  const live = { 'Secret shop-tls': { data: { 'tls.crt': '', 'tls.key': '' } } };
  expect((await examine(check, lookedUp(ingress(), live))).outcome).toBe('pass');
});

it.each([
  ['a certificate', documents(ingress(), secret('stringData: {tls.crt: A, tls.key: B}'))],
  ['one that cert-manager makes', ingress(', annotations: {cert-manager.io/cluster-issuer: a}')],
  [
    'one that cert-manager makes of a Certificate',
    documents(
      ingress(),
      'apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: a}\nspec: {secretName: shop-tls}\n',
    ),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});

it('has not examined a Secret that is not in the set', async () => {
  expect((await examine(check, ingress())).notExamined).toEqual(['Secret shop-tls']);
});
