import { expect, test } from 'vitest';
import { fixtures } from '../../src/report/fixtures/all.ts';
import { format } from '../../src/report/json/index.ts';
import { options } from './fixtures.ts';

test.each(fixtures)('%s comes back as it went in', (_, record) => {
  const text = format.render(record, options);
  expect(JSON.parse(text)).toEqual(record);
  expect(text).toMatch(/^\{\n {2}"schemaVersion": 1,\n/);
});
