import { expect, it } from 'vitest';
import { documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

const pod = podWith('envFrom: [{secretRef: {name: login}}]', 'serviceAccountName: robot');
const service =
  'apiVersion: v1\nkind: Service\nmetadata: {name: db}\nspec: {selector: {app: db}}\n';
const backend = 'apiVersion: shop.example/v1\nkind: Backend\nmetadata: {name: a}\n';
const secret = 'apiVersion: v1\nkind: Secret\nmetadata: {name: login}\n';

const declaring = (text: string, ...entries: string[]) => ({
  ...setOf(text),
  external: entries.map((entry, index) => ({
    text: entry,
    place: { file: 'deploycheck.yaml', line: index + 4 },
  })),
});

it.each([
  ['Secret/login', pod],
  ['Secret/*', pod],
  ['Secret/*/login', pod],
  ['*/robot', pod],
  ['Service/db', service],
  ['CustomResourceDefinition/backends.shop.example', backend],
])('is silent for %s', async (entry, text) => {
  expect((await examine(check, declaring(text, entry))).outcome).toBe('pass');
});

it.each([
  ['a misspelt name', 'Secret/logn', pod],
  ['an object of the set', 'Secret/login', documents(pod, secret)],
  ['what every cluster has', 'ServiceAccount/default', podWith('', 'serviceAccountName: default')],
])('finds %s', async (_, entry, text) => {
  const { seen, messages, severities } = await examine(check, declaring(text, '*/*', entry));
  expect(seen.at(-1)).toMatchObject({ messageId: 'unneeded', line: 5 });
  expect(messages.at(-1)).toContain(entry);
  expect(severities.at(-1)).toBe('info');
});

it('does not conclude from half a set', async () => {
  const half = declaring(documents(pod, 'a: b: c\n'), 'Secret/other');
  expect((await examine(check, half)).outcome).toBe('pass');
});
