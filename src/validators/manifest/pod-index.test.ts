import { expect, it } from 'vitest';
import { selectedFinder } from './pod-index.ts';
import { matchesSelector } from './selectors.ts';
import { documents, setOf } from './testing.ts';
import { mayShareNamespace, podTemplates } from './workloads.ts';

const namespaces = ['', 'a', 'b'];
const apps = ['', 'web', 'api', 'db'];
const tiers = ['', 'front', 'back'];
const pods = namespaces.flatMap((namespace) =>
  apps.flatMap((app) =>
    tiers.map(
      (tier, index) => `apiVersion: v1
kind: Pod
metadata:
  name: p${app}${index}
  ${namespace && `namespace: ${namespace}`}
  labels: {${[app && `app: ${app}`, tier && `tier: ${tier}`].filter(Boolean).join(', ')}}
spec: {containers: []}
`,
    ),
  ),
);
const set = setOf(documents(...pods));

const equal = (key: string, value: string) => ({ matchLabels: { [key]: value } });
const expression = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, values }],
});

// What the index leaves out must be what does not match anyway: compared with asking every pod.
it.each([
  ['nothing', {}],
  ['an absent selector', undefined],
  ['a label', equal('app', 'web')],
  ['a label that nobody has', equal('app', 'none')],
  ['two labels', { matchLabels: { tier: 'front', app: 'api' } }],
  ['a list', expression('app', 'In', 'web', 'db', 'web')],
  ['a list of none', expression('app', 'In')],
  ['all but one', expression('app', 'NotIn', 'web')],
  ['a key', expression('tier', 'Exists')],
  ['no key', expression('tier', 'DoesNotExist')],
  ['an operator that does not exist', expression('tier', 'Like', 'front')],
  ['a label and a list', { ...equal('tier', 'back'), ...expression('app', 'In', 'web', 'api') }],
])('selects by %s what each pod is asked for', (_, selector) => {
  const select = selectedFinder(set);
  for (const namespace of [null, 'a', 'b', 'c']) {
    const [pod] = set.objects;
    if (!pod) throw new Error('no pod');
    const owner = { ...pod, namespace };
    const wanted = podTemplates(set).filter(
      ({ object, labels }) => mayShareNamespace(owner, object) && matchesSelector(selector, labels),
    );
    const selected = select(owner, selector);
    expect(new Set(selected)).toEqual(new Set(wanted));
    expect(selected).toHaveLength(wanted.length);
  }
});
