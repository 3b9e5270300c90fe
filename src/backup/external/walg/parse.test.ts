import { describe, expect, it } from 'vitest';
import { hasTablespaces, parseList, parseShow } from './parse.ts';

/** As the documentation of WAL-G has it; no WAL-G has printed it. */
const full = {
  ...{ backup_name: 'base_000000010000000000000002', time: '2026-11-21T10:00:00Z' },
  ...{ wal_file_name: '000000010000000000000002', storage_name: 'default' },
  start_time: '2026-11-21T09:59:00.000000Z',
  finish_time: '2026-11-21T10:00:00.500000Z',
  ...{ date_fmt: '%Y-%m-%dT%H:%M:%S.%fZ', hostname: 'db', data_dir: '/data', is_permanent: false },
  ...{ pg_version: 150_018, start_lsn: 33_554_472, finish_lsn: 33_554_688 },
  ...{ uncompressed_size: 23_254_818, compressed_size: 4_567_057 },
};
/** The digits are more than JavaScript's numbers hold. */
const list = (...entries: object[]): string =>
  JSON.stringify(entries.map((entry) => ({ ...entry, system_identifier: 'ID' }))).replaceAll(
    '"ID"',
    '7710750317385214732',
  );

describe('parseList', () => {
  it('reads what is documented', () => {
    const delta = {
      ...full,
      backup_name: 'base_000000010000000000000005_D_000000010000000000000002',
      finish_time: '2026-11-21T11:00:00Z',
    };
    expect(parseList(list(delta, full))).toMatchObject([
      {
        ...{ label: full.backup_name, type: 'full', stoppedAt: '2026-11-21T10:00:00.500Z' },
        ...{ systemIdentifier: '7710750317385214732', serverMajor: 15, storedBytes: 4_567_057 },
        lsn: { start: '0/2000028', stop: '0/2000100' },
      },
      {
        type: 'incremental',
        builtOn: ['base_000000010000000000000002'],
        wal: { first: '000000010000000000000005' },
      },
    ]);
  });

  it('takes nothing for granted', () => {
    expect(parseList('')).toEqual([]);
    expect(parseList('null')).toEqual([]);
    expect(parseList('[{"backup_name":"base_000000010000000000000002"}]')).toMatchObject([
      { stoppedAt: null, lsn: null, systemIdentifier: null, serverMajor: null, encrypted: null },
    ]);
    expect(parseList('[{"backup_name":"--help"}]')).toEqual([]);
    for (const text of ['{', '{}', '7']) {
      expect(() => parseList(text)).toThrow(expect.objectContaining({ code: 'tool-failed' }));
    }
  });
});

describe('hasTablespaces', () => {
  it.each([
    ['{"Spec":null}', false],
    ['{"Spec":{"base_prefix":"/data","tablespaces":[]}}', false],
    ['{"Spec":{"base_prefix":"/data","tablespaces":["16384"]}}', true],
    ['{}', undefined],
    ['{"Spec":{}}', undefined],
    ['no JSON', undefined],
  ])('%s', (text, expected) => expect(hasTablespaces(text)).toBe(expected));
});

describe('parseShow', () => {
  const timeline = {
    ...{ id: 1, parent_timeline_id: 0, switch_point_lsn: 0, segments_count: 6 },
    start_segment: '000000010000000000000001',
    end_segment: '000000010000000000000007',
    ...{ missing_segments: [] as string[], status: 'OK' },
  };
  const from = '000000010000000000000003';
  const show = (change: object = {}) =>
    parseShow(JSON.stringify([{ ...timeline, ...change }]), from);

  it('says what is missing after the first segment of a backup', () => {
    expect(show()).toMatchObject({ last: timeline.end_segment, missing: 0, unknown: null });
    const missing = ['000000010000000000000002', '000000010000000000000005'];
    const lost = show({ missing_segments: missing, status: 'LOST_SEGMENTS' });
    expect(lost).toMatchObject({ missing: 1, examples: [missing[1]] });
    expect(show({ start_segment: '000000010000000000000004' })).toMatchObject({ missing: 1 });
    expect(parseShow('[]', from)).toMatchObject({ last: null, missing: 1 });
  });

  it('does not know what it is not told', () => {
    expect(show({ status: 'NEW' }).unknown).toMatch(/NEW/);
    expect(show({ missing_segments: 'none' }).unknown).not.toBeNull();
    expect(() => parseShow('{}', from)).toThrow(expect.objectContaining({ code: 'tool-failed' }));
  });
});
