import { expect, it } from 'vitest';
import { parseChallenges } from './challenge.ts';

it.each([
  [
    'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:a/b:pull"',
    [
      {
        scheme: 'bearer',
        parameters: {
          realm: 'https://auth.docker.io/token',
          service: 'registry.docker.io',
          scope: 'repository:a/b:pull',
        },
      },
    ],
  ],
  [
    'Basic realm="a \\"b\\", c", Bearer  Realm = x , service=y',
    [
      { scheme: 'basic', parameters: { realm: 'a "b", c' } },
      { scheme: 'bearer', parameters: { realm: 'x', service: 'y' } },
    ],
  ],
  ['Negotiate', [{ scheme: 'negotiate', parameters: {} }]],
  [
    'Bearer realm="open',
    [
      { scheme: 'bearer', parameters: {} },
      { scheme: 'realm', parameters: {} },
    ],
  ],
  ['', []],
  ['"', []],
])('%s', (header, challenges) => {
  expect(parseChallenges(header)).toEqual(challenges);
});
