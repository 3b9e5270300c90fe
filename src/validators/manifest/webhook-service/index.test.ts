import { expect, it } from 'vitest';
import { documents, examine, lookedUp } from '../testing.ts';
import { check } from './index.ts';

const webhook = (kind: string, service: string) => `apiVersion: admissionregistration.k8s.io/v1
kind: ${kind}
metadata: {name: policy}
webhooks: [{clientConfig: {service: {${service}}}}]
`;
const api = (service: string) =>
  `apiVersion: apiregistration.k8s.io/v1\nkind: APIService\nmetadata: {name: v1.shop.example}\nspec: {${service}}\n`;
const definition = (service: string) =>
  `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: a.shop.example}\nspec: {conversion: {webhook: {clientConfig: {service: {${service}}}}}}\n`;
const service = (port: number, namespace = 'policy') =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: policy, namespace: ${namespace}}\nspec: {ports: [{port: ${port}}]}\n`;
const named = 'namespace: policy, name: policy';

it.each([
  ['ValidatingWebhookConfiguration', webhook('ValidatingWebhookConfiguration', named), 63],
  ['MutatingWebhookConfiguration', webhook('MutatingWebhookConfiguration', named), 63],
  ['APIService', api(`service: {${named}}`), 43],
  ['CustomResourceDefinition', definition(named), 81],
])('finds the Service of a %s that is not there, or has no port 443', async (_, text, column) => {
  const at = { line: 4, column };
  expect((await examine(check, lookedUp(text))).seen).toEqual([
    { messageId: 'missing-object', ...at },
  ]);
  const withPort = (port: number) => examine(check, documents(text, service(port)));
  expect((await withPort(8443)).seen).toEqual([{ messageId: 'missing-port', ...at }]);
  expect((await withPort(443)).outcome).toBe('pass');
});

it('looks at the port that is named, in the namespace that is named', async () => {
  const text = webhook('ValidatingWebhookConfiguration', `${named}, port: 8443`);
  expect((await examine(check, documents(text, service(8443)))).outcome).toBe('pass');
  const elsewhere = await examine(check, documents(text, service(8443, 'shop')));
  expect(elsewhere.notExamined).toEqual(['Service policy']);
});

it.each([
  ['a URL', webhook('ValidatingWebhookConfiguration', '').replace('service: {}', 'url: https://a')],
  ['an API of the server itself', api('version: v1')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
