import { expect, test } from 'vitest';
import { html, preformatted } from './markup.ts';
import { dark, light, type Palette } from './palette.ts';

test('escapes values and keeps what html made', () => {
  const inner = html`<b title="${'"\'><'}">${'<i>&'}</b>`;
  expect(html`${[inner, null, 3]}`.markup).toBe(
    '<b title="&quot;&#39;&gt;&lt;">&lt;i&gt;&amp;</b>3',
  );
});

test('lines stay lines and each is escaped', () => {
  expect(preformatted(['a <', 'b\u001b']).markup).toBe('a &lt;\nb\\u{1b}');
});

/** Relative luminance, WCAG 2.2. */
function luminance(color: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [high = 0, low = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (high + 0.05) / (low + 0.05);
}

const plain = ['text', 'quiet', 'link'] as const;
const tones = ['good', 'bad', 'warn', 'special', 'neutral'] as const;

test.each<[string, Palette]>([
  ['light', light],
  ['dark', dark],
])('every text of the %s theme has contrast 4.5', (_, palette) => {
  for (const name of plain) {
    expect(contrast(palette[name], palette.ground), name).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette[name], palette.panel), name).toBeGreaterThanOrEqual(4.5);
  }
  for (const tone of tones) {
    expect(contrast(palette[tone], palette[`${tone}-ground`]), tone).toBeGreaterThanOrEqual(4.5);
    expect(contrast(palette.text, palette[`${tone}-ground`]), tone).toBeGreaterThanOrEqual(4.5);
    // Graphical objects need 3 (1.4.11).
    expect(contrast(palette[tone], palette.panel), tone).toBeGreaterThanOrEqual(3);
  }
});
