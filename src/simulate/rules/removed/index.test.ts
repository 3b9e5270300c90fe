import { expect, it } from 'vitest';
import type { Removal } from '../../observed-parts.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const removal: Removal = { state: 'blocked', durationMs: 9, blockers: [], volumesKept: [] };
const seen = (parts: Partial<Removal>) =>
  judge(check, simulationOf({ removal: { ...removal, ...parts } }));

it('names object, finalizer and owner', async () => {
  const blockers = [
    { object: 'ConfigMap/held', finalizers: ['a.example/b'], owner: 'holder' },
    { object: 'Namespace/deploycheck-0123abcd', finalizers: ['kubernetes'], owner: 'Some remain' },
  ];
  const { said } = await seen({ blockers });
  expect(said).toHaveLength(1);
  expect(said[0]).toMatch(
    /^blocked: namespace deploycheck-0123abcd does not go: ConfigMap\/held has a.example\/b, set by holder; /,
  );
});

it('quotes the server when no object holds it', async () => {
  const object = 'Namespace/deploycheck-0123abcd';
  const blockers = [{ object, finalizers: [], owner: 'the API x.example/v1 does not answer' }];
  expect((await seen({ blockers })).said[0]).toContain('does not go: the API x.example/v1');
  expect((await seen({})).said[0]).toContain('the cluster does not say why');
});

it('finds one that is not ours any longer, and warns of volumes', async () => {
  expect((await seen({ state: 'foreign' })).said[0]).toContain('made by somebody else');
  const kept = await seen({ state: 'removed', volumesKept: ['pv-1'] });
  expect(kept.severities).toEqual(['warning']);
});

it('passes without a sandbox, and is open when nobody looked', async () => {
  expect((await judge(check, simulationOf({ sandbox: null, removal: null }))).outcome).toBe('pass');
  expect((await judge(check, simulationOf({ removal: null }))).outcome).toBe('inconclusive');
});
