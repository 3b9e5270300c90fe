import { expect, it } from 'vitest';
import { deploymentWith, documents, examine } from '../testing.ts';
import { check } from './index.ts';

const withPod = (fields: string, replicas = 3) =>
  `${deploymentWith('web', `replicas: ${replicas}`)}      ${fields}\n`;
const constraint = (selector: string) =>
  `topologySpreadConstraints: [{topologyKey: zone${selector && `, labelSelector: ${selector}`}}]`;
const apart = (selector: string) =>
  `affinity: {podAntiAffinity: {requiredDuringSchedulingIgnoredDuringExecution: [{topologyKey: h, labelSelector: ${selector}}]}}`;
const preferred = (selector: string) =>
  `affinity: {podAntiAffinity: {preferredDuringSchedulingIgnoredDuringExecution: [{weight: 1, podAffinityTerm: {topologyKey: h, labelSelector: ${selector}}}]}}`;
const scaler =
  'apiVersion: autoscaling/v2\nkind: HorizontalPodAutoscaler\nmetadata: {name: web}\nspec: {maxReplicas: 4, scaleTargetRef: {kind: Deployment, name: web}}\n';

it.each([
  ['nothing', deploymentWith('web', 'replicas: 2'), 'missing', 14, 5],
  ['an autoscaler', documents(deploymentWith('web'), scaler), 'missing', 13, 5],
  ['anti-affinity to others', withPod(apart('{matchLabels: {app: db}}')), 'missing', 14, 5],
  [
    'a constraint for others',
    withPod(constraint('{matchLabels: {app: db}}')),
    'other-pods',
    18,
    55,
  ],
  [
    'a constraint for others, of one replica',
    withPod(constraint('{matchExpressions: [{key: app, operator: NotIn, values: [web]}]}'), 1),
    'other-pods',
    18,
    55,
  ],
  ['a constraint for nobody', withPod(constraint('')), 'no-selector', 18, 35],
])('finds %s', async (_, text, messageId, line, column) => {
  expect((await examine(check, text)).seen).toEqual([{ messageId, line, column }]);
});

it.each([
  ['a constraint', withPod(constraint('{matchLabels: {app: web}}'))],
  ['a constraint for all pods', withPod(constraint('{}'))],
  ['anti-affinity', withPod(apart('{matchExpressions: [{key: app, operator: Exists}]}'))],
  ['preferred anti-affinity', withPod(preferred('{matchLabels: {app: web}}'))],
  ['one replica', deploymentWith('web')],
  ['a DaemonSet', deploymentWith('web').replace('kind: Deployment', 'kind: DaemonSet')],
])('is silent for %s', async (_, text) => {
  expect((await examine(check, text)).outcome).toBe('pass');
});
