import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const gateway = (listeners: string, annotations = '') =>
  `apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: public${annotations}}\nspec: {listeners: [${listeners}]}\n`;
const http = (name: string, host: string) =>
  `{name: ${name}, port: 80, protocol: HTTP, hostname: ${host}}`;
const tls = '{name: a, port: 443, protocol: HTTPS, tls: {certificateRefs: [{name: shop-tls}]}}';

it.each([
  ['names', `${http('a', 'a.example')}, ${http('a', 'b.example')}`, 'same-name', 85],
  ['addresses', `${http('a', 'a.example')}, ${http('b', 'a.example')}`, 'same-address', 85],
  [
    'every host',
    '{name: a, port: 80, protocol: HTTP}, {name: b, port: 80, protocol: HTTP}',
    'same-address',
    64,
  ],
])('finds listeners with the same %s', async (_, listeners, messageId, column) => {
  const { seen } = await examine(check, gateway(listeners));
  expect(seen).toEqual([{ messageId, line: 4, column }]);
});

it('finds a certificate that a cluster does not have', async () => {
  expect((await examine(check, lookedUp(gateway(tls)))).seen).toEqual([
    { messageId: 'missing-object', line: 4, column: 89 },
  ]);
  expect((await examine(check, gateway(tls))).notExamined).toEqual(['Secret shop-tls']);
});

it.each([
  ['other host names', gateway(`${http('a', 'a.example')}, ${http('b', 'b.example')}`)],
  [
    'other protocols',
    gateway('{name: a, port: 53, protocol: TCP}, {name: b, port: 53, protocol: UDP}'),
  ],
  [
    'a certificate of the set',
    documents(gateway(tls), 'apiVersion: v1\nkind: Secret\nmetadata: {name: shop-tls}\n'),
  ],
  ['a certificate that is made for it', gateway(tls, ', annotations: {cert-manager.io/issuer: a}')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
