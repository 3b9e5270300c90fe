import { expect, it } from 'vitest';
import { parseConfig } from './parse.ts';

const service = (behaviour: string, health = '[]') =>
  parseConfig(
    `version: 1
services:
  - name: shop
    image: unused
    health: ${health}
    behaviour: ${behaviour}
`,
    'deploycheck.yaml',
  ).own.services?.[0];

it('takes what a service is declared to do', () => {
  const health =
    '[{ path: /readyz, format: json, dependencies: { database: up, queue.depth: 0, ready: true } }]';
  const declared = service(
    `{
      headers: [{ path: /, preset: security, expect: { cache-control: no-store } }],
      cors: [{ path: /, origin: 'https://shop.example', allowed: true, credentials: false }],
      authentication: [{ path: /orders, method: POST, token: env:CLERK, wrongRole: file:token }],
      rateLimit: [{ path: /login, requests: 20, within: 1m }],
      idempotency: [{ path: /orders, header: X-Key, body: { lines: [{ sku: a }] } }],
      injection: [{ path: '/orders?customer={value}' }],
      scenarios: [{ name: keeps, token: env:CLERK, steps: [{ path: /, keep: { id: a.b } }, { restart: true }] }],
    }`,
    health,
  );
  expect(Object.values(declared?.behaviour ?? {}).map((list) => list?.length)).toEqual([
    1, 1, 1, 1, 1, 1, 1,
  ]);
  expect(declared?.health?.[0]?.dependencies).toEqual({
    database: 'up',
    'queue.depth': 0,
    ready: true,
  });
});

it.each([
  ['{ headers: [{ path: / }] }', /expected expect, preset: security, or both/],
  ['{ cors: [{ path: /, origin: shop.example, allowed: true }] }', /expected an origin such as/],
  ['{ cors: [{ path: /, origin: "https://a.example" }] }', /allowed: missing/],
  ['{ authentication: [{ path: /, token: hunter22 }] }', /expected env:NAME or file:PATH/],
  ['{ rateLimit: [{ path: /, requests: 901, within: 1m }] }', /at most 900 requests/],
  ['{ rateLimit: [{ path: /, requests: 9 }] }', /within: missing/],
  ['{ idempotency: [{ path: orders, body: {} }] }', /expected a path that starts with/],
  ['{ injection: [{ path: / }] }', /expected \{value\} in path or body/],
  ['{ scenarios: [{ name: a, steps: [] }] }', /at least one step/],
  ['{ scenarios: [{ name: a, steps: [{ restart: false }] }] }', /steps/],
  [
    '{ rateLimit: [{ path: /, requests: 9, within: 1s, bypassHeaders: ["a b"] }] }',
    /the name of a header/,
  ],
  ['{ idempotence: [] }', /did you mean 'idempotency'\?/],
])('refuses %s', (text, message) => {
  expect(() => service(text)).toThrow(message);
});

it('never shows a token that was written in place of a reference', () => {
  const wrong = () => service('{ authentication: [{ path: /, token: hunter22 }] }');
  expect(wrong).not.toThrow(/hunter22/);
});
