import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const image = (part: object) => ({ workloads: [{ images: [part] }] });

it('says how many nodes still have what the registry lost', async () => {
  const { messages } = await said(check, image({ state: 'missing', digest: null, cachedOn: 1 }));
  expect(messages).toEqual([
    'deployment/web: the registry has no registry.example/web:1.0.0 any more (1 of 2 nodes have it)',
  ]);
});

it('names the platforms that are lacking, and a tag that moved', async () => {
  const platforms = await said(check, image({ state: 'no-platform', lacking: ['linux/arm64'] }));
  expect(platforms.messages[0]).toContain('has nothing for linux/arm64');
  const { ids } = await said(check, image({ moved: 'sha256:other' }));
  expect(ids).toEqual(['moved:error']);
});

it.each([
  ['a registry that does not answer', { state: 'unknown', why: 'registry.example refused' }],
  ['nodes that may not be listed', { nodes: 0, cachedOn: 0 }],
])('does not pass with %s', async (_, part) => {
  expect(await said(check, image(part))).toMatchObject({ ids: [], outcome: 'inconclusive' });
});
