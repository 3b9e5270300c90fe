import { afterEach, describe, expect, test, vi } from 'vitest';
import { recordSchema } from '../../src/core/record.ts';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { attack } from '../../src/report/fixtures/hostile.ts';
import { cases, formats, options } from './fixtures.ts';

/** All that {@link attack} holds and that acts when it reaches a terminal, a log or a page. */
const acting = /[^\P{C}\n\p{Cn}\p{Co}]|[\u2028\u2029]/u;

test.each(fixtures)('the fixture %s is a record', (_, record) => {
  expect(recordSchema.safeParse(record).error).toBeUndefined();
});

describe.each(cases)('$format.name of $name', ({ format, record }) => {
  const first = format.render(record, options);

  test('the same record gives the same bytes, and is not changed', () => {
    const before = JSON.stringify(record);
    expect(format.render(structuredClone(record), options)).toBe(first);
    expect(JSON.stringify(record)).toBe(before);
  });

  test('ends with one line end and is well-formed Unicode', () => {
    expect(first).toMatch(/[^\n]\n$/);
    expect(first.isWellFormed()).toBe(true);
  });
});

const forPeople = cases.filter(({ format }) => !['json', 'sarif'].includes(format.name));

test.each(forPeople)('$format.name of $name holds no character that acts', (entry) => {
  expect(acting.test(attack)).toBe(true);
  expect(acting.exec(entry.format.render(entry.record, options))).toBeNull();
});

test('names, extensions and media types are distinct and are what the folder says', () => {
  expect(formats.map(({ name }) => name)).toEqual([
    'github',
    'html',
    'json',
    'junit',
    'markdown',
    'sarif',
    'text',
  ]);
  expect(new Set(formats.map(({ extension }) => extension)).size).toBe(formats.length);
});

test('the order of the findings in the record changes no report but json', () => {
  const [, record] = fixtures.find(([name]) => name === 'no-go') ?? [];
  if (!record) throw new Error('no fixture');
  const turned = { ...record, findings: record.findings.toReversed() };
  for (const format of formats.filter(({ name }) => name !== 'json')) {
    expect(format.render(turned, options), format.name).toBe(format.render(record, options));
  }
});

describe('the environment', () => {
  afterEach(() => vi.unstubAllEnvs());

  test.each(cases.filter(({ name }) => name === 'no-go'))('has no say in $format.name', (entry) => {
    const { format, record } = entry;
    const before = format.render(record, options);
    vi.stubEnv('FORCE_COLOR', '1');
    vi.stubEnv('TZ', 'Pacific/Kiritimati');
    vi.stubEnv('LANG', 'tr_TR.UTF-8');
    expect(format.render(record, options)).toBe(before);
    vi.stubEnv('NO_COLOR', '1');
    expect(format.render(record, options)).toBe(before);
  });
});
