import { readFile } from 'node:fs/promises';
import { expect, it } from 'vitest';
import { packageFile } from '../src/core/package-root.ts';
import { checks } from '../src/validators/registry.ts';

it('the page of what is asked of manifests names every rule, and no other', async () => {
  const page = await readFile(packageFile('docs/coverage.md'), 'utf8');
  const answers = page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split(' | ')[1] ?? '').matchAll(/`([a-z]+(?:[-/][a-z]+)*)`/g)])
    .map(([, name = '']) => (name.includes('/') ? name : `manifest/${name}`));
  const ids = checks.map(({ id }) => id);
  expect(answers.filter((id) => !ids.includes(id))).toEqual([]);
  const asked = ids.filter((id) => id.startsWith('manifest/'));
  expect(asked.filter((id) => !answers.includes(id))).toEqual([]);
});
