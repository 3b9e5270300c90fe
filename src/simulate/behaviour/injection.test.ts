import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { RequestListener } from 'node:http';
import { expect, it } from 'vitest';
import { leakIn } from './hostile.ts';
import { askInjection } from './injection.ts';
import { bodyOf, served } from './testing.ts';

async function signs(listener: RequestListener, declared = {}) {
  await using server = await served(listener);
  const { attempts } = await askInjection({ path: '/find?q={value}', ...declared }, server);
  return new Map(attempts.map((attempt) => [attempt.attack, attempt]));
}

const queryOf = (url: string | undefined) =>
  new URL(url ?? '', 'http://shop.example').searchParams.get('q') ?? '';

it('sees what is evaluated, read, shown and sent on', async () => {
  const seen = await signs((request, response) => {
    const value = queryOf(request.url);
    const [, name, header] = /\r\n([\w-]+): (.*)$/.exec(value) ?? [];
    if (name !== undefined && header !== undefined) response.setHeader(name, header);
    response.setHeader('content-type', 'text/html');
    const calculated = value.replace(/\{\{(\d+)\*(\d+)\}\}/, (_, a, b) => String(a * b));
    const read = value.endsWith('/etc/passwd') ? readFileSync('/etc/passwd', 'utf8') : '';
    response.end(`<p>${calculated}</p>${read}`);
  });
  const found = [...seen].flatMap(([attack, { sign }]) => (sign === null ? [] : [attack]));
  expect(found).toEqual([
    'a calculation (template)',
    'a path upwards',
    'a script (HTML)',
    'a line break (headers)',
  ]);
});

it('sees what a shell made of a value', async () => {
  const seen = await signs((request, response) => {
    try {
      response.end(execFileSync('sh', ['-c', `echo ${queryOf(request.url)}`], { stdio: 'pipe' }));
    } catch {
      response.writeHead(400).end();
    }
  });
  expect(seen.get('a calculation (shell)')?.sign).toBe('the result of a calculation in it');
});

it('sees errors of databases and of the run time', async () => {
  const seen = await signs((request, response) => {
    if (queryOf(request.url) === "'") {
      response.writeHead(500).end('ERROR: unterminated quoted string at or near "\'"');
    } else response.end();
  });
  expect(seen.get('a quote (SQL)')).toMatchObject({
    ...{ status: 500, leak: 'unterminated quoted string' },
  });
  expect(leakIn({ body: 'TypeError: x\n    at find (/app/server.js:10:3)' })).toMatch(/^at find/);
  expect(leakIn({ body: 'bad request: customer has to be a name' })).toBeUndefined();
});

it('finds nothing where values stay values, in JSON too', async () => {
  const bodies: unknown[] = [];
  const seen = await signs(
    async (request, response) => {
      bodies.push(JSON.parse(await bodyOf(request)));
      response.setHeader('content-type', 'application/json');
      response.writeHead(400).end(JSON.stringify({ error: 'no name', got: bodies.at(-1) }));
    },
    { method: 'POST', path: '/orders', body: { customer: '{value}', lines: [1] } },
  );
  expect([...seen.values()].filter(({ sign, leak }) => sign ?? leak)).toEqual([]);
  expect(bodies).toContainEqual({ customer: { $ne: null }, lines: [1] });
  expect(bodies).toContainEqual({ customer: 'x\u0000y', lines: [1] });
});
