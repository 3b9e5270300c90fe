import { expect, it } from 'vitest';
import { formatPath } from './read.ts';
import { setOf } from './testing.ts';
import { podTemplates } from './workloads.ts';

const template =
  'spec: {containers: [{name: a}], initContainers: [{name: b}, {name: c, restartPolicy: Always}], ephemeralContainers: [{name: d}]}';

it.each([
  ['v1', 'Pod', template, 'spec'],
  ['v1', 'ReplicationController', `spec: {template: {${template}}}`, 'spec.template.spec'],
  ['apps/v1', 'Deployment', `spec: {template: {${template}}}`, 'spec.template.spec'],
  ['apps/v1', 'StatefulSet', `spec: {template: {${template}}}`, 'spec.template.spec'],
  ['apps/v1', 'DaemonSet', `spec: {template: {${template}}}`, 'spec.template.spec'],
  ['apps/v1', 'ReplicaSet', `spec: {template: {${template}}}`, 'spec.template.spec'],
  ['batch/v1', 'Job', `spec: {template: {${template}}}`, 'spec.template.spec'],
  [
    'batch/v1',
    'CronJob',
    `spec: {jobTemplate: {spec: {template: {${template}}}}}`,
    'spec.jobTemplate.spec.template.spec',
  ],
])('finds the pods of %s %s', (apiVersion, kind, spec, path) => {
  const text = `{apiVersion: ${apiVersion}, kind: ${kind}, metadata: {name: x}, ${spec}}`;
  const [pods] = podTemplates(setOf(text));
  expect(formatPath(pods?.specPath ?? [])).toBe(path);
  expect(pods?.containers.map(({ name, longRunning }) => `${name} ${longRunning}`)).toEqual([
    'a true',
    'b false',
    'c true',
    'd false',
  ]);
  expect(formatPath(pods?.containers[2]?.path ?? [])).toBe(`${path}.initContainers[1]`);
});

it('takes no other group’s kind for its own', () => {
  const text = `{apiVersion: example.com/v1, kind: Deployment, metadata: {name: x}, spec: {template: {${template}}}}`;
  expect(podTemplates(setOf(text))).toEqual([]);
});

it('survives templates of the wrong shape', () => {
  const head = 'apiVersion: apps/v1, kind: Deployment, metadata: {name: x}';
  for (const spec of [
    '',
    ', spec: 3',
    ', spec: {template: []}',
    ', spec: {template: {spec: {containers: x}}}',
  ]) {
    const containers = podTemplates(setOf(`{${head}${spec}}`)).flatMap((pods) => pods.containers);
    expect(containers).toEqual([]);
  }
});
