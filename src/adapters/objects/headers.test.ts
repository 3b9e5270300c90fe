import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromHeaders, toHeaders } from './headers.ts';

describe('the headers of an object', () => {
  it('hold any text, and only printable ASCII', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (value) => {
        const headers = toHeaders({ contentType: 'text/plain', metadata: { Name: value } });
        expect(headers['x-amz-meta-name']).toMatch(/^[\x20-\x7e]*$/);
        expect(fromHeaders(headers, 0)).toMatchObject({
          contentType: 'text/plain',
          metadata: { name: value },
        });
      }),
    );
  });

  it('are read as other clients write them', () => {
    const raw = Buffer.from('grüße').toString('latin1');
    const { metadata } = fromHeaders(
      {
        'x-amz-meta-raw': raw,
        'x-amz-meta-latin': 'gr\u00fc\u00dfe',
        'x-amz-meta-quoted': '=?UTF-8?Q?gr=C3=BC=C3=9Fe_dich?=',
      },
      0,
    );
    expect(metadata).toEqual({ raw: 'grüße', latin: 'grüße', quoted: 'grüße dich' });
  });

  it('say until when an object is kept', () => {
    const until = new Date('2030-01-02T03:04:05Z');
    const headers = toHeaders({ retention: { mode: 'compliance', until } });
    expect(headers).toEqual({
      'x-amz-object-lock-mode': 'COMPLIANCE',
      'x-amz-object-lock-retain-until-date': '2030-01-02T03:04:05.000Z',
    });
    expect(fromHeaders(headers, 0).retention).toEqual({ mode: 'compliance', until });
  });
});
