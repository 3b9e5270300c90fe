import { expect, it } from 'vitest';
import { documentOf } from '../../testing.ts';

it('tells the age of the database', () => {
  const document = documentOf({
    Version: '0.69.0',
    VulnerabilityDB: { Version: 2, UpdatedAt: '2026-05-03T06:20:51.123456789Z' },
  });
  expect(document).toMatchObject({
    tool: 'Trivy 0.69.0',
    databaseOf: 'trivy',
    databaseBuiltAt: new Date('2026-05-03T06:20:51.123Z'),
    subject: null,
  });
});
