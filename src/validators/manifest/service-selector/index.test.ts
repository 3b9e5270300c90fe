import { expect, it } from 'vitest';
import { deploymentWith, documents, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const service = (fields: string, namespace = '') =>
  `apiVersion: v1\nkind: Service\nmetadata:\n  name: web${namespace}\nspec:\n${fields}  ports:\n    - port: 80\n`;
const selecting = service('  selector:\n    app: web\n');

it('finds a Service without pods', async () => {
  const { seen, messages } = await examine(check, documents(selecting, deploymentWith('api')));
  expect(seen).toEqual([{ messageId: 'selects-nothing', line: 7, column: 5 }]);
  expect(messages[0]).toContain('selects app = web');
});

it('looks in the namespace of the Service only', async () => {
  const inProduction = service('  selector:\n    app: web\n', '\n  namespace: production');
  const inTrial = podWith().replace('  name: web', '  name: web\n  namespace: trial');
  expect((await examine(check, documents(inProduction, inTrial))).seen).toHaveLength(1);
  expect((await examine(check, documents(inProduction, podWith()))).outcome).toBe('pass');
});

it.each([
  ['pods of a template', selecting, deploymentWith('web')],
  ['no selector', service(''), podWith()],
  ['an external name', service('  type: ExternalName\n  selector: {app: x}\n'), podWith()],
  [
    'a Service of another group',
    selecting.replace('apiVersion: v1', 'apiVersion: serving.knative.dev/v1'),
    deploymentWith('api'),
  ],
])('is silent for %s', async (_, ...texts) => {
  expect((await examine(check, documents(...texts))).outcome).toBe('pass');
});

it('is silent for a Service declared external', async () => {
  const lonely = documents(selecting, deploymentWith('api'));
  expect((await examine(check, lonely, { external: ['Service/web'] })).outcome).toBe('pass');
  expect((await examine(check, lonely, { external: ['web'] })).fault).toBe('config-invalid');
});

it('does not conclude from a set with a broken document', async () => {
  const { seen, notExamined, outcome } = await examine(check, documents(selecting, 'a: b: c\n'));
  expect(seen).toEqual([]);
  expect(notExamined).toEqual(['Service web']);
  expect(outcome).toBe('inconclusive');
});
