import { expect, it } from 'vitest';
import { changesOf, unrewritten, withoutAbandoned } from './diff.ts';
import { live } from './testing.ts';

const container = (parts: object) => ({
  spec: { template: { spec: { containers: [{ name: 'web', image: 'web:1', ...parts }] } } },
});
const deployment = (parts: object = {}) => live('Deployment', 'web', container(parts));
const lines = (before: object, after: object) =>
  changesOf(deployment(before), deployment(after)).map(
    ({ path, before: from, after: to }) => `${path.replace(/^.*\['name=web'\]/, '')} ${from} ${to}`,
  );

it('shows fields that are added, changed and dropped', () => {
  expect(lines({ image: 'web:1', tty: true }, { image: 'web:2', stdin: true })).toEqual([
    '.image "web:1" "web:2"',
    '.tty true null',
    '.stdin null true',
  ]);
});

it('pairs entries of lists by their names', () => {
  const env = (...names: string[]) => ({ env: names.map((name) => ({ name, value: name })) });
  expect(lines(env('a', 'b'), env('b', 'c'))).toEqual([
    `.env['name=a'] {"name":"a","value":"a"} null`,
    `.env['name=c'] null {"name":"c","value":"c"}`,
  ]);
  expect(lines({ args: ['a'] }, { args: ['a', 'b'] })).toEqual(['.args ["a"] ["a","b"]']);
});

it('passes over what servers fill in', () => {
  const service = (clusterIP: string, nodePort: number) =>
    live('Service', 'web', {
      spec: { clusterIP, ports: [{ port: 80, nodePort }] },
      status: { a: 1 },
    });
  expect(changesOf(service('10.0.0.1', 1), service('10.0.0.2', 2))).toEqual([]);
  expect(lines({}, { env: [] })).toEqual([]);
});

it('masks the values of Secrets', () => {
  const secret = (password: string) => live('Secret', 'keys', { data: { password } });
  expect(changesOf(secret('YQ=='), secret('Yg=='))).toEqual([
    { path: 'data.password', before: '(masked)', after: '(masked)' },
  ]);
});

it('says nothing of an object that is new', () => {
  expect(changesOf(undefined, deployment())).toEqual([]);
});

it('takes rewrites back, and keeps what the server made of the rest', () => {
  const original = { host: 'shop.example', nodePort: 1, list: [{ a: 'x', cpu: '0.1' }] };
  const rewritten = { host: 'x.invalid', list: [{ a: 'y', cpu: '0.1' }], suspend: true };
  const answer = { ...rewritten, list: [{ a: 'y', cpu: '100m' }], filledIn: 7 };
  expect(unrewritten(answer, original, rewritten)).toEqual({
    host: 'shop.example',
    nodePort: 1,
    list: [{ a: 'x', cpu: '100m' }],
    filledIn: 7,
  });
});

it('drops what kubectl applied last and the release no longer has', () => {
  const before = container({ env: [{ name: 'old' }, { name: 'kept' }] });
  const object = live('Deployment', 'web', before);
  const annotations = {
    'kubectl.kubernetes.io/last-applied-configuration': JSON.stringify(before),
  };
  const applied = { ...object, metadata: { ...object.metadata, annotations } };
  const release = live('Deployment', 'web', container({ env: [{ name: 'kept' }] }));
  const answer = withoutAbandoned(object, applied, release);
  expect(changesOf(applied, answer).map(({ path }) => path)).toEqual([
    "spec.template.spec.containers['name=web'].env['name=old']",
  ]);
  expect(withoutAbandoned(object, object, release)).toBe(object);
});
