import { type ObjectLine, objectLineSchema, type SetFile } from './manifest.ts';
import { DamagedContent, unpacked } from './meter.ts';
import type { Repository } from './repository.ts';
import { setKey } from './set-id.ts';

/**
 * The objects of a bucket of a set, in order. The iteration ends in DamagedContent when the listing is
 * not the one that was written.
 */
export async function* readListing(
  repository: Repository,
  set: string,
  file: SetFile,
  signal: AbortSignal,
): AsyncGenerator<ObjectLine> {
  const stored = await repository.get(setKey(set, file.path), signal);
  if (!stored) throw new DamagedContent('it is not there');
  const plain = unpacked(stored, file);
  let rest = '';
  const decoder = new TextDecoder('utf-8', { fatal: false });
  for await (const chunk of plain) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) yield parseLine(line);
  }
}

function parseLine(text: string): ObjectLine {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new DamagedContent('a line of it is no JSON');
  }
  const parsed = objectLineSchema.safeParse(value);
  if (!parsed.success) throw new DamagedContent('a line of it does not describe an object');
  return parsed.data;
}
