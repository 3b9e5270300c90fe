import { isRecord } from '../../validators/manifest/read.ts';

const most = 8;

/** The same JSON with one value altered, a few times, each time another one. */
export function variants(value: unknown): unknown[] {
  return altered(value).take(most).toArray();
}

function* altered(value: unknown): Generator<unknown, undefined> {
  if (typeof value === 'string') yield `${value} 2`;
  else if (typeof value === 'number') yield value + 1;
  else if (typeof value === 'boolean') yield !value;
  else if (Array.isArray(value)) {
    for (const [at, part] of value.entries()) {
      for (const other of altered(part)) yield value.with(at, other);
    }
  } else if (isRecord(value)) {
    for (const [key, part] of Object.entries(value)) {
      for (const other of altered(part)) yield { ...value, [key]: other };
    }
  }
}
