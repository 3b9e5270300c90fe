import { expect, test } from 'vitest';
import { hostile } from '../../src/report/fixtures/hostile.ts';
import { noGo } from '../../src/report/fixtures/no-go.ts';
import { accepted } from '../../src/report/fixtures/validate.ts';
import { format } from '../../src/report/markdown/index.ts';
import { options } from './fixtures.ts';

/** The cells of every table row, split as GFM section 4.10 says: at pipes that are not escaped. */
function rows(markdown: string): string[][] {
  return markdown
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) => line.split(/(?<!\\)\|/).slice(1, -1));
}

test('shows verdict, items, findings and remedies', () => {
  const text = format.render(noGo, options);
  expect(text).toMatch(/^## ✗ NO-GO\n\n4 errors \\\(1 waived\\\)/);
  expect(text).toContain('| 12 | Monitoring, window and on-call | ○ pending on person |');
  expect(text).toContain('| `k8s/api.yaml:41:19`<br>`Deployment shop/api`');
  expect(text).toContain('- `manifest/probe-port`: Use a port number');
  expect(text).toContain('✗ error, waived by W-7');
});

test('lists what is suppressed, and by whom', () => {
  const text = format.render(accepted, options);
  expect(text).toContain('no findings in 3 checks, 2 suppressed');
  expect(text.split('### Suppressed')[1]).toContain(
    '| `manifest/image-tag` | comment, k8s/web.yaml:11:11 | the vendor has no other tag | 2026-12-31 |',
  );
});

test('no data adds a cell to a table', () => {
  const tables = format
    .render(hostile, options)
    .split(/\n\n/)
    .filter((part) => part.startsWith('|'));
  expect(tables.length).toBeGreaterThan(4);
  for (const table of tables) expect(new Set(rows(table).map(({ length }) => length)).size).toBe(1);
});

test('no data becomes HTML, a link or a mention', () => {
  const text = format.render(hostile, options);
  const outsideCode = text.replace(/(`+)(?!`).*?(?<!`)\1(?!`)/g, '');
  expect(outsideCode).not.toMatch(/(?<!\\)<(?!br>|!-- -->)|(?<!\\)\]\(|\s@\w|https?:\/\//);
});
