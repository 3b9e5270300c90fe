import { expect, it } from 'vitest';
import { said } from '../testing.ts';
import { check } from './index.ts';

const step = (part: object, more = {}) => ({ migrations: [{ steps: [part] }], ...more });

it('tells a down that is missing from one that does nothing', async () => {
  expect((await said(check, step({ down: 'missing', file: null }))).ids).toEqual(['no-down:error']);
  expect((await said(check, step({ down: 'empty' }))).ids).toEqual(['empty-down:error']);
});

it('names what is lost, in its line, as a warning', async () => {
  const losses = [{ statement: 'drop table orders', line: 3 }];
  const { ids, messages } = await said(check, step({ losses }));
  expect(ids).toEqual(['loses:warning']);
  expect(messages[0]).toContain('0002_order_index of web loses data: drop table orders');
});

it('names what the up takes, which no down brings back', async () => {
  const takes = [{ statement: 'alter table orders drop column total', line: 2 }];
  const { ids, messages } = await said(check, step({ takes }));
  expect(ids).toEqual(['takes:warning']);
  expect(messages[0]).toContain('0002_order_index of web takes data away');
});

it('does not pass what is not known, and fails a migration that stopped half-way', async () => {
  const unknown = { migrations: [{ state: 'unknown', why: 'no idea', steps: [] }] };
  expect(await said(check, unknown)).toMatchObject({ outcome: 'inconclusive', ids: [] });
  expect((await said(check, { migrations: [{ dirty: true }] })).ids).toEqual(['dirty:error']);
});

it('with the schema kept wants migrations that only add, and proof', async () => {
  const keepSchema = { keepSchema: true };
  expect((await said(check, step({ expandOnly: false }, keepSchema))).ids).toEqual([
    'contracts:error',
  ]);
  const open = await said(check, step({ expandOnly: true, down: 'missing' }, keepSchema));
  expect(open).toMatchObject({ outcome: 'inconclusive', ids: [] });
  const ran = { ...keepSchema, executions: [{ outcome: 'healthy' }] };
  expect(await said(check, step({ expandOnly: true }, ran))).toMatchObject({ outcome: 'pass' });
});
