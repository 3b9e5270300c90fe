import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { parseDiscovery } from './discovery.ts';
import { concealerOf } from './secrets.ts';
import { statusOf, warningsOf } from './status.ts';

describe('the status of an answer', () => {
  it('is the one in the body, or what stands for it', () => {
    const details = { causes: [{ field: 'spec', reason: 'FieldValueInvalid', message: 'm' }, 'x'] };
    const body = { kind: 'Status', code: 410, reason: 'Expired', message: 'old', details };
    expect(statusOf(200, body)).toEqual({
      code: 410,
      reason: 'Expired',
      message: 'old',
      causes: [{ field: 'spec', reason: 'FieldValueInvalid', message: 'm' }],
    });
    const text = { code: 502, reason: '', message: 'Bad Gateway', causes: [] };
    expect(statusOf(502, '  Bad\n\tGateway ')).toEqual(text);
    expect(statusOf(500, 'x'.repeat(1000)).message).toHaveLength(300);
    expect(statusOf(404, { kind: 'Pod', message: 'no' })).toMatchObject({ code: 404, message: '' });
  });

  it('comes with its warnings', () => {
    const response = new IncomingMessage(new Socket());
    const warnings = [
      '299 - "one, with \\"quotes\\" and \\\\"',
      '299 - "two", 299 - "three"',
      'no',
    ];
    response.headersDistinct.warning = warnings;
    expect(warningsOf(response)).toEqual(['one, with "quotes" and \\', 'two', 'three']);
    expect(warningsOf(new IncomingMessage(new Socket()))).toEqual([]);
  });
});

describe('discovery', () => {
  const kind = (resource: string, name: string, scope = 'Namespaced') => ({
    resource,
    scope,
    responseKind: { kind: name },
    verbs: ['get'],
    subresources: [{ subresource: 'status' }],
  });

  it('reads groups, versions in their order, and what is not available', () => {
    const { resources, unavailable } = parseDiscovery({
      items: [
        {
          metadata: { name: 'batch' },
          versions: [
            { version: 'v1', resources: [kind('jobs', 'Job')], freshness: 'Current' },
            { version: 'v1beta1', resources: [kind('jobs', 'Job'), kind('old', 'Old', 'Cluster')] },
          ],
        },
        {
          metadata: { name: 'metrics.example.com' },
          versions: [{ version: 'v1', freshness: 'Stale' }],
        },
        { versions: [{ version: 'v1', resources: [{ resource: 'bare' }, kind('pods', 'Pod')] }] },
      ],
    });
    expect(unavailable).toEqual(['metrics.example.com/v1']);
    expect(
      resources.map((one) => [one.apiVersion, one.kind, one.preferred, one.namespaced]),
    ).toEqual([
      ['batch/v1', 'Job', true, true],
      ['batch/v1beta1', 'Job', false, true],
      ['batch/v1beta1', 'Old', true, false],
      ['v1', 'Pod', true, true],
    ]);
    expect(resources[0]).toMatchObject({ verbs: ['get'], subresources: ['status'] });
  });
});

describe('what hides a Secret', () => {
  it('knows its values as they are sent, and decoded', () => {
    const conceal = concealerOf({
      kind: 'Secret',
      metadata: { name: 'visible' },
      data: { a: Buffer.from('decoded value').toString('base64'), short: 'YQ==' },
      stringData: { b: 'plain value', nested: { c: ['inside'] }, d: 12_345, e: null },
    });
    expect(conceal('plain value, decoded value, inside, 12345 of visible a')).toBe(
      '[redacted], [redacted], [redacted], [redacted] of visible a',
    );
    expect(concealerOf({ kind: 'ConfigMap', data: { a: 'plain value' } })('plain value')).toBe(
      'plain value',
    );
  });
});
