import { expect, it } from 'vitest';
import { deploymentWith, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const deployment = deploymentWith('web');

it('points at each unmet requirement', async () => {
  const text = deployment.replace(
    '      app: web\n',
    '      app: api\n    matchExpressions:\n      - {key: tier, operator: Exists}\n',
  );
  const { seen, messages } = await examine(check, text);
  expect(seen).toEqual([
    { messageId: 'mismatch', line: 8, column: 12 },
    { messageId: 'mismatch', line: 10, column: 9 },
  ]);
  expect(messages[1]).toBe('the selector wants tier exists, and the pod template does not have it');
});

it('refuses an empty selector', async () => {
  const text = deployment.replace('selector:\n    matchLabels:\n      app: web', 'selector: {}');
  const { seen } = await examine(check, text);
  expect(seen).toEqual([{ messageId: 'empty', line: 6, column: 13 }]);
});

it.each([
  ['a Pod', podWith()],
  [
    'a selector that is missing, which manifest/schema reports',
    deployment.replace('selector:', 'other:'),
  ],
  ['a template that is missing', deployment.replace('template:', 'other:')],
  [
    'a Job, whose selector is made by the server',
    deployment.replace('apps/v1', 'batch/v1').replace('Deployment', 'Job'),
  ],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
