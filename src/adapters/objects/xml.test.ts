import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { escapeXml, fitsXml, parseXml, textOf } from './xml.ts';

describe('XML of S3', () => {
  it('is read without attributes and prefixes', () => {
    const element = parseXml(
      '\ufeff<?xml version="1.0"?>\n<!-- <a> --><s3:A xmlns="x"><B>1 &lt; &#50;&#x33; &amp;amp; &quot;</B>' +
        '<C/><D><![CDATA[<&>]]></D><B x="y">2</B></s3:A>',
    );
    expect(element.name).toBe('A');
    expect(element.children.map(({ name, text }) => [name, text])).toEqual([
      ['B', '1 < 23 &amp; "'],
      ['C', ''],
      ['D', '<&>'],
      ['B', '2'],
    ]);
    expect(textOf(element, 'B')).toBe('1 < 23 &amp; "');
    expect(textOf(element, 'E')).toBeUndefined();
  });

  it.each([
    '',
    'text',
    '<a>',
    '<a></b>',
    '</a>',
    '<a/><b/>',
    '<a><b></a></b>',
    '<a',
    '<a>&lt;</a',
    '<html><br></html>',
    '<a>'.repeat(40) + '</a>'.repeat(40),
  ])('%j is refused', (text) => {
    expect(() => parseXml(text)).toThrow(SyntaxError);
  });

  it('gives back what was written, in time that grows with the text', () => {
    const text = fc.string({ unit: 'binary' }).filter(fitsXml);
    fc.assert(
      fc.property(text, (value) => {
        expect(parseXml(`<a>${escapeXml(value)}</a>`).text).toBe(value);
      }),
    );
    const many = '<b>&amp;</b>'.repeat(50_000);
    expect(parseXml(`<a>${many}</a>`).children).toHaveLength(50_000);
    expect(() => parseXml(`<a>${'<'.repeat(200_000)}`)).toThrow(SyntaxError);
  });
});
