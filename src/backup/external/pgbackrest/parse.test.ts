import { describe, expect, it } from 'vitest';
import { historyInLine, parseInfo, segmentInLine } from './parse.ts';

const backup = {
  archive: { start: '000000010000000000000002', stop: '000000010000000000000003' },
  backrest: { format: 5, version: '2.45' },
  database: { id: 1, 'repo-key': 1 },
  error: false,
  info: { delta: 2, repository: { delta: 456, size: 789 }, size: 23_254_818 },
  label: '20261121-220921F',
  lsn: { start: '0/2000028', stop: '0/2000100' },
  prior: null,
  reference: null,
  timestamp: { start: 1_795_298_961, stop: 1_795_298_965 },
  type: 'full',
};
const stanza = {
  archive: [{ database: { id: 1, 'repo-key': 1 }, id: '15-1', max: null, min: null }],
  backup: [backup],
  cipher: 'none',
  db: [{ id: 1, 'repo-key': 1, 'system-id': 'ID', version: '15' }],
  name: 'shop',
  repo: [{ cipher: 'none', key: 1, status: { code: 0, message: 'ok' } }],
  status: { code: 0, message: 'ok' },
};
/** pgBackRest prints the identifier as a number that JavaScript would round. */
const text = (change: object = {}): string =>
  JSON.stringify([{ ...stanza, ...change }]).replaceAll('"ID"', '7710750317385214732');
const shop = { stanza: 'shop', repo: null };

describe('parseInfo', () => {
  it('reads what pgBackRest says, to the last digit', () => {
    expect(parseInfo(text(), shop)).toEqual([
      {
        label: '20261121-220921F',
        repo: 1,
        archiveId: '15-1',
        type: 'full',
        startedAt: '2026-11-21T22:09:21.000Z',
        stoppedAt: '2026-11-21T22:09:25.000Z',
        databaseBytes: 23_254_818,
        storedBytes: 456,
        wal: { first: '000000010000000000000002', last: '000000010000000000000003' },
        lsn: { start: '0/2000028', stop: '0/2000100' },
        builtOn: [],
        systemIdentifier: '7710750317385214732',
        serverMajor: 15,
        encrypted: false,
        state: 'good',
        problem: null,
      },
    ]);
  });

  it('takes nothing for granted that is not said', () => {
    const [bare] = parseInfo(text({ backup: [{ label: 'x' }], cipher: undefined, repo: [] }), shop);
    expect(bare).toMatchObject({
      ...{ type: 'unknown', startedAt: null, stoppedAt: null, databaseBytes: null, wal: null },
      ...{ lsn: null, systemIdentifier: null, serverMajor: null, encrypted: null },
      ...{ state: 'unknown', archiveId: null },
    });
    const failed = parseInfo(text({ backup: [{ ...backup, error: true }] }), shop);
    expect(failed).toMatchObject([{ state: 'failed' }]);
    expect(parseInfo(text({ backup: [{ ...backup, label: '--force' }] }), shop)).toEqual([]);
    expect(() => parseInfo(text(), { stanza: 'shop', repo: 2 })).toThrow(/gives no status/);
  });

  it('says what a backup is built on, and that its repository is encrypted', () => {
    const diff = {
      ...backup,
      ...{ label: '20261121-220921F_20261121-220926D', type: 'diff' },
      reference: ['20261121-220921F'],
    };
    const repo = [{ cipher: 'aes-256-cbc', key: 1, status: { code: 0 } }];
    expect(parseInfo(text({ backup: [diff], repo }), shop)).toMatchObject([
      { type: 'differential', builtOn: ['20261121-220921F'], encrypted: true },
    ]);
  });

  it.each([
    ['no JSON', '{', 'tool-failed'],
    ['another stanza', text({ name: 'other' }), 'repository-unreadable'],
    ['nothing', '[]', 'repository-unreadable'],
    ['no list', '{"a":1}', 'repository-unreadable'],
    [
      'a stanza that is not there',
      text({ status: { code: 1, message: 'missing stanza path' } }),
      'repository-unreadable',
    ],
    ['no status', text({ status: undefined }), 'repository-unreadable'],
  ])('cannot look at %s', (_name, input, code) => {
    expect(() => parseInfo(input, shop)).toThrow(expect.objectContaining({ code }));
  });

  it('knows that there are no backups yet', () => {
    expect(
      parseInfo(text({ backup: [], status: { code: 2, message: 'no valid backups' } }), shop),
    ).toEqual([]);
  });
});

describe('lines of an archive', () => {
  const sum = 'a'.repeat(40);
  it.each([
    [`0000000100000000/000000010000000000000002-${sum}.lz4`, '000000010000000000000002'],
    [`000000010000000000000002-${sum}`, '000000010000000000000002'],
    [`0000000100000000/000000010000000000000002.partial-${sum}.gz`, undefined],
    ['0000000100000000/000000010000000000000002.00000028.backup', undefined],
    ['0000000100000000', undefined],
  ])('%s', (line, segment) => expect(segmentInLine(line)).toBe(segment));

  it('has histories', () => {
    expect(historyInLine('00000002.history')).toBe('00000002.history');
    expect(historyInLine(`00000002-${sum}.history`)).toBeUndefined();
  });
});
