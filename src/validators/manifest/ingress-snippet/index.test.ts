import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const ingress = (annotation: string, value: string, kind = 'Ingress') =>
  `apiVersion: networking.k8s.io/v1\nkind: ${kind}\nmetadata:\n  name: web\n  annotations:\n    ${annotation}: ${JSON.stringify(value)}\nspec: {}\n`;
const prefix = 'nginx.ingress.kubernetes.io';

it.each([
  ['a snippet', `${prefix}/server-snippet`, 'return 403;', 'snippet'],
  ['one for authentication', `${prefix}/auth-snippet`, 'x y;', 'snippet'],
  ['Lua', `${prefix}/configuration-snippet`, "content_by_lua_block { ngx.say('x') }", 'lua'],
  ['files', `${prefix}/server-snippet`, 'location /x {\n  alias /var/run/;\n}', 'alias'],
  ['the other controller', 'nginx.org/location-snippets', 'x y;', 'snippet'],
])('finds %s', async (_, annotation, value, messageId) => {
  const { seen } = await examine(check, ingress(annotation, value));
  expect(seen).toEqual([{ messageId, line: 6, column: 5 }]);
});

it.each([
  ['another annotation', ingress(`${prefix}/rewrite-target`, '/$1')],
  ['another controller', ingress('example.com/server-snippet', 'x')],
  ['another kind', ingress(`${prefix}/server-snippet`, 'x', 'IngressClass')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
