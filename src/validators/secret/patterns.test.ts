import { expect, it } from 'vitest';
import { fileShapes } from './file-shapes.ts';
import { shapes } from './shapes.ts';

const patterns = [...shapes, ...fileShapes].map(({ id, pattern }) => [id, pattern.source] as const);

/** The source without what stands in brackets and without escaped signs. */
const bare = (source: string) => source.replace(/\\./g, 'e').replace(/\[[^\]]*\]/g, 's');

it.each(patterns)('%s repeats nothing without a bound', (_, source) => {
  expect(bare(source)).not.toMatch(/[*+](?!\))|\{\d+,\}/);
});

it.each(patterns)('%s repeats no group that holds a wide repeat', (_, source) => {
  // A group that is repeated often and holds what repeats often would be tried in every division.
  const groups = bare(source).matchAll(/\(\?:([^()]*)\)\{\d+,(\d+)\}/g);
  for (const [text, inner = '', most = ''] of groups) {
    const widest = Math.max(
      0,
      ...[...inner.matchAll(/\{\d+,(\d+)\}/g)].map(([, to]) => Number(to)),
    );
    expect(Number(most) * widest, text).toBeLessThanOrEqual(1000);
  }
});

it('says of every shape where its form is described', () => {
  const without = shapes.filter(({ source, gitleaks }) => !source && !gitleaks?.length);
  expect(without.map(({ id }) => id)).toEqual([]);
  const ids = [...shapes, ...fileShapes].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('has what the catalogue asks for, and more', () => {
  expect(shapes.length).toBeGreaterThanOrEqual(150);
});
