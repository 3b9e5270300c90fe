import { expect, it } from 'vitest';
import { deploymentWith, examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const profile = (type: string) => `securityContext: {appArmorProfile: {type: ${type}}}`;
const annotated = (value: string) =>
  podWith().replace(
    'name: web\n',
    `name: web\n  annotations:\n    container.apparmor.security.beta.kubernetes.io/web: ${value}\n`,
  );

it('finds the profile of a container and of its pod', async () => {
  const { seen, messages } = await examine(
    check,
    podWith(profile('Unconfined'), profile('Unconfined')),
  );
  expect(seen).toEqual([
    { messageId: 'field', line: 12, column: 45 },
    { messageId: 'field', line: 11, column: 49 },
  ]);
  expect(messages).toEqual([
    'Pod web sets the AppArmor profile Unconfined',
    'container web sets the AppArmor profile Unconfined',
  ]);
});

it('finds the annotation of a pod and of a template', async () => {
  const { seen, messages } = await examine(check, annotated('unconfined'));
  expect(seen).toEqual([{ messageId: 'annotation', line: 6, column: 57 }]);
  expect(messages).toEqual(['container web has the AppArmor profile unconfined by annotation']);

  const text = deploymentWith('web').replace(
    '    metadata:\n',
    '    metadata:\n      annotations: {container.apparmor.security.beta.kubernetes.io/web: off}\n',
  );
  // `off` is a boolean and so no profile; the schema says that.
  expect((await examine(check, text)).seen).toEqual([]);
  const found = await examine(check, text.replace('web: off', 'web: unconfined'));
  expect(found.paths).toEqual([
    "spec.template.metadata.annotations['container.apparmor.security.beta.kubernetes.io/web']",
  ]);
});

it.each([
  ['no profile', podWith()],
  ['the default of the runtime', podWith(profile('RuntimeDefault'))],
  ['a profile of the node', podWith('', profile('Localhost'))],
  ['the default by annotation', annotated('runtime/default')],
  ['a profile by annotation', annotated('localhost/web')],
  ['an empty annotation', annotated('""')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
