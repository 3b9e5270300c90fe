import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { packageFile } from '../src/core/package-root.ts';
import { checks } from '../src/validators/registry.ts';

it('the page of what is asked of images names every rule, and no other', async () => {
  const page = await readFile(packageFile('docs/coverage-images.md'), 'utf8');
  const [asked = '', left = ''] = page.split('## Left out');
  const rows = (text: string) =>
    text.split('\n').filter((line) => line.startsWith('| ') && !/^\| (?:question|---) /.test(line));
  const answers = rows(asked).map((line) =>
    [...(line.split(' | ')[1] ?? '').matchAll(/`([a-z]+(?:[-/][a-z]+)*)`/g)].map(([, name = '']) =>
      name.includes('/') ? name : `image/${name}`,
    ),
  );
  const ids = checks.map(({ id }) => id);
  const unknown = answers.flat().filter((id) => !ids.includes(id));
  expect(unknown).toEqual([]);
  expect(answers.filter((names) => names.length === 0)).toEqual([]);
  const ofImages = ids.filter((id) => id.startsWith('image/'));
  expect(ofImages.filter((id) => !answers.flat().includes(id))).toEqual([]);
  expect(rows(left).every((line) => line.split(' | ').length === 2)).toBe(true);
});
