import { expect, it } from 'vitest';
import { documents, examine, podWith, setOf } from '../testing.ts';
import { check } from './index.ts';

it('finds the second definition, in another file too', async () => {
  const { seen, messages } = await examine(check, setOf(podWith(), podWith()));
  expect(seen).toEqual([{ messageId: 'duplicate', line: 4, column: 9 }]);
  expect(messages).toEqual(['Pod web is already defined in 1.yaml, line 4']);
});

it('takes the versions of a group for one object', async () => {
  const scaler = (version: string) =>
    `apiVersion: autoscaling/${version}\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\n`;
  const { seen } = await examine(check, documents(scaler('v1'), scaler('v2')));
  expect(seen).toEqual([{ messageId: 'duplicate', line: 7, column: 18 }]);
});

it.each([
  ['another namespace', podWith().replace('  name: web', '  name: web\n  namespace: other')],
  ['another kind', podWith().replace('kind: Pod', 'kind: Service')],
  ['another group', podWith().replace('apiVersion: v1', 'apiVersion: example.com/v1')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, documents(podWith(), text))).outcome).toBe('pass');
});

it('is silent for generated names', async () => {
  const job = 'apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: web-}\n';
  expect((await examine(check, documents(job, job))).outcome).toBe('pass');
});
