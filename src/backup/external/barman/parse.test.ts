import { describe, expect, it } from 'vitest';
import { parseBackup, parseList } from './parse.ts';

const base = {
  ...{ begin_lsn: '0/3000028', begin_time_timestamp: '1795299800' },
  ...{ begin_wal: '000000010000000000000003', end_wal: '000000010000000000000003' },
  ...{ end_lsn: '0/4000000', end_time_timestamp: '1795299805' },
  ...{ disk_usage_bytes: 23_392_650, incremental_size_bytes: 23_392_000, timeline: 1 },
};
const shop = {
  ...{ backup_id: '20261121T222320', postgresql_version: 150_020, status: 'DONE' },
  ...{ base_backup_information: base, catalog_information: {}, tablespaces: [] },
};
const shown = (change: object = {}) =>
  parseBackup(JSON.stringify({ shop: { ...shop, ...change } }), 'shop');

describe('Barman', () => {
  it('says of a backup what there is to say', () => {
    expect(shown()).toEqual({
      ...{ label: '20261121T222320', type: 'full' },
      startedAt: '2026-11-21T22:23:20.000Z',
      stoppedAt: '2026-11-21T22:23:25.000Z',
      ...{ databaseBytes: 23_392_650, storedBytes: 23_392_000 },
      wal: { first: '000000010000000000000003', last: '000000010000000000000003' },
      lsn: { start: '0/3000028', stop: '0/4000000' },
      ...{ builtOn: [], systemIdentifier: null, serverMajor: 15, encrypted: null },
      ...{ state: 'good', problem: null, tablespaces: [] },
    });
    expect(shown({ status: 'FAILED', error: 'no space' })).toMatchObject({
      ...{ state: 'failed', problem: 'no space' },
    });
    expect(shown({ status: 'WAITING_FOR_WALS' }).state).toBe('running');
    expect(shown({ status: 'NEW' })).toMatchObject({
      state: 'unknown',
      problem: 'Barman says NEW',
    });
    expect(shown({ tablespaces: [{ name: 'fast', location: '/fast' }] }).tablespaces).toEqual([
      'fast',
    ]);
    expect(shown({ base_backup_information: {}, postgresql_version: 'x' })).toMatchObject({
      ...{ startedAt: null, stoppedAt: null, databaseBytes: null, wal: null, serverMajor: null },
    });
  });

  it('lists ids that can be arguments', () => {
    const listed = [
      { backup_id: '20261122T000000' },
      { backup_id: '20261121T000000' },
      { backup_id: '-f' },
    ];
    expect(parseList(JSON.stringify({ shop: listed }), 'shop')).toEqual([
      '20261121T000000',
      '20261122T000000',
    ]);
  });

  it.each(['{"_ERROR":["Unknown server"]}', '{}', '{"other":[]}', '[]'])(
    'cannot be asked: %s',
    (text) => {
      for (const parse of [parseList, parseBackup]) {
        expect(() => parse(text, 'shop')).toThrow(
          expect.objectContaining({ code: 'repository-unreadable' }),
        );
      }
    },
  );
});
