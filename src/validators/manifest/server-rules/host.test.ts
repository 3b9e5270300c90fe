import { setImmediate } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { findArtefact } from './artefact.ts';
import { startServerRules } from './host.ts';

it('stops at once when it is aborted, with the reason', async () => {
  const artefact = await findArtefact();
  if (!artefact) throw new Error('no module');
  const stopping = new AbortController();
  const rules = startServerRules(artefact, { signal: stopping.signal });
  const doc = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
  // One call of the module, which looks at nothing else while it computes.
  const requests = Array.from({ length: 200 }, () => ({ op: 'check', doc, ns: 'a' }) as const);
  expect(await rules.ask(requests.slice(0, 1))).toMatchObject([{ verdict: 'accepted' }]);
  const asked = rules.ask(requests);
  const reason = new Error('enough');
  await setImmediate();
  stopping.abort(reason);
  await expect(asked).rejects.toBe(reason);
  await rules.close();
});
