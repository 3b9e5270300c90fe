import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

it.each([
  [
    'serviceAccount: old',
    'deprecated',
    'info',
    'Pod web names its service account by the deprecated serviceAccount',
  ],
  [
    'serviceAccount: old\nserviceAccountName: new',
    'overruled',
    'warning',
    'Pod web runs as the service account new: serviceAccount names another, for nothing',
  ],
])('finds %j', async (podFields, messageId, severity, message) => {
  const { seen, severities, messages } = await examine(check, podWith('', podFields));
  expect(seen).toEqual([{ messageId, line: 11, column: 19 }]);
  expect(severities).toEqual([severity]);
  expect(messages).toEqual([message]);
});

it.each([
  '',
  'serviceAccountName: shop',
  'serviceAccount: shop\nserviceAccountName: shop',
  'serviceAccount: ""',
])('is silent for %j', async (podFields) => {
  expect((await examine(check, podWith('', podFields))).outcome).toBe('pass');
});
