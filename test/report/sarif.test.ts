import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { describe, expect, test } from 'vitest';
import type { RunRecord } from '../../src/core/record.ts';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { fault } from '../../src/report/fixtures/fault.ts';
import { hostile } from '../../src/report/fixtures/hostile.ts';
import { noGo } from '../../src/report/fixtures/no-go.ts';
import { accepted, validate } from '../../src/report/fixtures/validate.ts';
import { format } from '../../src/report/sarif/index.ts';
import { missing } from '../systems/missing.ts';
import { options } from './fixtures.ts';
import { officialSchema } from './sarif-schema.ts';
import { sarifShape } from './sarif-shape.ts';

function validator(schema: object) {
  const ajv = new Ajv({ allErrors: true, strict: false });
  addFormats.default(ajv);
  return ajv.compile(schema);
}

const official = await officialSchema();

describe('the closed shape', () => {
  const valid = validator(sarifShape);

  test.each(fixtures)('%s', (_, record) => {
    valid(JSON.parse(format.render(record, options)));
    expect(valid.errors ?? []).toEqual([]);
  });
});

test.skipIf(!official && missing('the official schema: Go is not there to fetch it'))(
  'every fixture follows the schema of OASIS',
  () => {
    const valid = validator(official ?? {});
    for (const [name, record] of fixtures) {
      valid(JSON.parse(format.render(record, options)));
      expect(valid.errors ?? [], name).toEqual([]);
    }
    expect(valid({ version: '2.1.0', runs: [{ tool: {} }] })).toBe(false);
  },
);

function runOf(record: RunRecord) {
  return JSON.parse(format.render(record, options)).runs[0];
}

test('results stand in the order of their places and point at their rules', () => {
  const { results, tool } = runOf(noGo);
  const { rules } = tool.driver;
  expect(results).toHaveLength(6);
  for (const result of results) expect(rules[result.ruleIndex].id).toBe(result.ruleId);
  const places = results.map(
    (result: { locations: { physicalLocation: Record<string, Record<string, unknown>> }[] }) => {
      const place = result.locations[0]?.physicalLocation;
      return `${place?.artifactLocation?.uri}:${place?.region?.startLine ?? ''}`;
    },
  );
  expect(places.slice(0, 4)).toEqual([
    'k8s/api.yaml:41',
    'k8s/worker.yaml:9',
    'k8s/worker.yaml:22',
    'k8s/worker.yaml:38',
  ]);
  expect(places[4]).toMatch(/^registry\.example\.com\/shop\/api%40sha256%3A/);
  expect(places[5]).toBe('k8s:');
});

test('a finding in a layer says where inside the image', () => {
  const { results } = runOf(noGo);
  expect(results[4].locations[0].message.text).toMatch(/tls\.key, layer sha256:5f70/);
});

test('levels, fingerprints and suppressions follow the findings', () => {
  const { results } = runOf(noGo);
  expect(results.map(({ level }: { level: string }) => level)).toEqual([
    'error',
    'error',
    'warning',
    'error',
    'error',
    'note',
  ]);
  expect(results[0].partialFingerprints).toEqual({
    'deploycheckFingerprint/v1': noGo.findings[0]?.fingerprint,
  });
  expect(results[0].suppressions).toEqual([]);
  expect(results[1].suppressions[0]).toMatchObject({ kind: 'external', status: 'accepted' });
  expect(results[1].suppressions[0].justification).toContain('one replica until the queue moves');
});

test('what is suppressed is a result that says by whom, where and why', () => {
  const { results } = runOf(accepted);
  expect(results.map(({ ruleId }: { ruleId: string }) => ruleId)).toEqual([
    'manifest/image-digest',
    'manifest/image-tag',
  ]);
  expect(results.flatMap((result: { suppressions: unknown[] }) => result.suppressions)).toEqual([
    {
      kind: 'external',
      status: 'accepted',
      justification: 'configuration, deploycheck.yaml:7:7: the registry keeps tags as they are',
    },
    {
      kind: 'inSource',
      status: 'accepted',
      justification: 'comment, k8s/web.yaml:11:11: the vendor has no other tag (until 2026-12-31)',
    },
  ]);
});

test('objects are logical locations, and their fields below them', () => {
  expect(runOf(noGo).results[0].locations[0].logicalLocations).toEqual([
    { name: 'api', fullyQualifiedName: 'apps/v1/Deployment/shop/api', kind: 'resource' },
    {
      name: 'spec.template.spec.containers[0].readinessProbe.httpGet.port',
      fullyQualifiedName:
        'apps/v1/Deployment/shop/api/spec.template.spec.containers[0].readinessProbe.httpGet.port',
      kind: 'property',
    },
  ]);
});

test('what could not be looked at is a notification, and the run was no success', () => {
  const [invocation] = runOf(fault).invocations;
  expect(invocation.executionSuccessful).toBe(false);
  expect(invocation.toolExecutionNotifications).toMatchObject([
    { level: 'error', descriptor: { id: 'registry-unreachable' } },
    { level: 'error', descriptor: { id: 'internal' } },
  ]);
  expect(runOf(validate).invocations[0].executionSuccessful).toBe(true);
});

test('rules carry what the caller knows of them; a page is a URI only when it is absolute', () => {
  const [rule] = runOf(validate).tool.driver.rules;
  expect(rule).toMatchObject({
    id: 'manifest/budget',
    help: { text: 'Add a PodDisruptionBudget.' },
  });
  expect(rule.helpUri).toBeUndefined();
  const probe = runOf(noGo).tool.driver.rules.find(
    ({ id }: { id: string }) => id === 'manifest/probe-port',
  );
  expect(probe.helpUri).toBe('https://example.com/rules/manifest/probe-port');
});

test('file names are percent-encoded', () => {
  expect(runOf(validate).results[0].locations[0].physicalLocation.artifactLocation.uri).toBe(
    'my%20app/k8s/api%20%2520.yaml',
  );
});

test('data forms no link in a message', () => {
  for (const { message } of runOf(hostile).results) expect(message.text).not.toMatch(/(?<!\\)\]\(/);
});
