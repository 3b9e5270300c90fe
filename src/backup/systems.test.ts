import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { inOrder, together } from './systems.ts';

describe('works beside each other', () => {
  const { signal } = new AbortController();

  it('end when one fails, and its error is told', async () => {
    let ended = false;
    const waits = (inner: AbortSignal) =>
      new Promise<never>((_, reject) => {
        inner.addEventListener('abort', () => {
          ended = true;
          reject(new Error('aborted'));
        });
      });
    const fails = async () => Promise.reject(new Error('first'));
    await expect(together(signal, [waits, fails])).rejects.toThrow('first');
    expect(ended).toBe(true);
  });

  it('give their results in order', async () => {
    const first = Promise.withResolvers<void>();
    const seen: number[] = [];
    const source = Readable.from([0, 1, 2, 3]);
    const results = inOrder(source, 2, async (at: number) => {
      seen.push(at);
      if (at === 0) await first.promise;
      if (at === 1) first.resolve();
      return at;
    });
    expect(await collected(results)).toEqual([0, 1, 2, 3]);
    expect(seen).toEqual([0, 1, 2, 3]);
  });
});

async function collected<T>(source: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of source) items.push(item);
  return items;
}
