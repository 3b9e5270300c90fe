import { expect, test } from 'vitest';
import { attribute, sourceOf } from './attribution.ts';
import { finding, outcome, record } from './fixtures/parts.ts';

const inFile = finding({ check: 'a/b', location: { file: 'k8s/api/x.yaml' } });
const nowhere = finding({ check: 'a/b', message: 'no place' });
const api = outcome('a/b', 'k8s/api', 'findings');
const web = outcome('a/b', 'k8s/web', 'findings');
const passed = outcome('a/b', 'k8s/api/x.yaml', 'pass');
const run = record({ findings: [nowhere, inFile], outcomes: [web, api, passed] });

test('the file tells which target is meant', () => {
  expect(attribute(run).outcomesOf(inFile)).toEqual([api]);
});

test('without a file every target with findings is meant, so that none looks clean', () => {
  expect(attribute(run).outcomesOf(nowhere)).toEqual([web, api]);
  expect(attribute(run).findingsOf(web)).toEqual([nowhere]);
  expect(attribute(run).findingsOf(api)).toEqual([inFile, nowhere]);
});

test('a target of which a part was looked at may have findings, one whose check broke has none', () => {
  const part = outcome('a/b', 'k8s/part', 'inconclusive');
  const fault = { code: 'x', who: 'peer', message: '', hint: '', page: '', cause: null } as const;
  const broken = { ...outcome('a/b', 'k8s/broken', 'inconclusive'), fault };
  const partly = attribute(record({ findings: [nowhere], outcomes: [part, broken] }));
  expect(partly.outcomesOf(nowhere)).toEqual([part]);
});

test('a target that passed has no findings', () => {
  expect(attribute(run).findingsOf(passed)).toEqual([]);
});

test('the source is the input of the same name, else the only one of its kind', () => {
  const image = { kind: 'image', digest: 'sha256:0', source: 'api.tar', listing: null };
  const layered = finding({ check: 'i/s', location: { layer: 'sha256:1', path: '/a' } });
  const named = record({
    inputs: [image, { ...image, source: 'web.tar' }],
    outcomes: [outcome('i/s', 'web.tar', 'findings')],
    findings: [layered],
  });
  expect(sourceOf(named, attribute(named), layered)).toBe('web.tar');
  const only = record({ inputs: [image], findings: [layered] });
  expect(sourceOf(only, attribute(only), layered)).toBe('api.tar');
});
