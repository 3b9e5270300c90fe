import { PassThrough, Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { finished } from 'node:stream/promises';
import { expect, it } from 'vitest';
import { relay } from './relay.ts';

const { signal } = new AbortController();
const failure = (error: Error) => new Error(`seen: ${error.message}`);

it('passes everything on', async () => {
  expect(await text(relay(Readable.from(['a', 'b']), { signal, failure }))).toBe('ab');
});

it('tells the reader in its own words that the source broke', async () => {
  const source = new PassThrough();
  const stream = relay(source, { signal, failure });
  source.destroy(new Error('cut'));
  await expect(text(stream)).rejects.toThrow('seen: cut');
});

it('ends a source that stands still when the reader gives up', async () => {
  const source = new PassThrough();
  relay(source, { signal, failure }).destroy();
  await expect(finished(source)).rejects.toThrow('Premature close');
});

it.each([
  ['before', true],
  ['after', false],
])('ends both when the signal aborts %s the start, also without a reader', async (_, isBefore) => {
  const controller = new AbortController();
  const reason = new Error('enough');
  const source = new PassThrough();
  if (isBefore) controller.abort(reason);
  const stream = relay(source, { signal: controller.signal, failure });
  if (!isBefore) controller.abort(reason);
  await expect(finished(source)).rejects.toThrow('Premature close');
  await expect(text(stream)).rejects.toBe(reason);
});
