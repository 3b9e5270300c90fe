import { findArtefact } from '../../src/validators/manifest/server-rules/artefact.ts';
import { startServerRules } from '../../src/validators/manifest/server-rules/host.ts';
import { openAdmin } from '../../test/adapters/kube/administrator.ts';
import { bedSettings, compared } from '../../test/flows/manifests/agreement.ts';
import { bases } from '../../test/flows/manifests/bases.ts';
import { mutantOf } from '../../test/flows/manifests/mutants.ts';
import {
  comparedUpdate,
  notComparable,
  store,
  stored,
} from '../../test/flows/manifests/updates.ts';
import type { Variables } from '../../test/systems/bed.ts';
import { createNamespace, kubectl } from '../../test/systems/kubernetes.ts';
import { onBed } from './on-bed.ts';
import type { OpenScenario, Scenario } from './scenario.ts';

/** Every so many tries a manifest is applied over an earlier one, which takes a process each time. */
const updateEvery = 10;

export const serverRules: Scenario = {
  name: 'server-rules',
  claim:
    'the rules of the API server that ship with deploycheck take and refuse what the server itself takes and refuses',
  count: 3000,
  open: () => onBed(['kubernetes'], openServerRules),
};

async function openServerRules(bed: Variables): Promise<OpenScenario> {
  await using stack = new AsyncDisposableStack();
  const artefact = await findArtefact();
  if (!artefact) throw new Error('data/kubernetes/rules.wasm.br is not here');
  const { name: namespace } = stack.use(await createNamespace('soak'));
  const kube = stack.adopt(await openAdmin(bed, namespace), (open) => open.close());
  const rules = stack.adopt(startServerRules(artefact), (open) => open.close());
  await rules.ask([{ op: 'settings', settings: bedSettings }]);
  const account = ['-n', namespace, 'wait', '--for=create', 'serviceaccount/default'];
  await kubectl([...account, '--timeout=60s']);
  const objects = stored();
  await store(objects, namespace);
  const disposables = stack.move();

  return {
    async once(random, number) {
      if (number % updateEvery !== 0) {
        const { object } = mutantOf(bases, random);
        const { accepted, state, problem } = await compared(object, { kube, rules, namespace });
        const verdict = accepted ? 'taken' : 'refused';
        return { how: `created: ${state === '' ? verdict : `refused by ${state}`}`, problem };
      }
      const { object, base } = mutantOf(objects, random);
      if (notComparable(base, object)) return { how: 'applied: not comparable', problem: '' };
      const { accepted, problem } = await comparedUpdate(base, object, { rules, namespace });
      return { how: `applied: ${accepted ? 'taken' : 'refused'}`, problem };
    },
    [Symbol.asyncDispose]: () => disposables.disposeAsync(),
  };
}
