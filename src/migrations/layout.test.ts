import { describe, expect, it } from 'vitest';
import { detectLayout } from './layout.ts';

describe('the layout', () => {
  it('of pairs is put together, by number', () => {
    const files = ['10_b.up.sql', '9_a.up.sql', '9_a.down.sql', 'README.md'];
    expect(detectLayout(files)).toEqual({
      layout: 'pairs',
      migrations: [
        { version: '9', name: 'a', up: '9_a.up.sql', down: '9_a.down.sql' },
        { version: '10', name: 'b', up: '10_b.up.sql', down: null },
      ],
    });
  });

  it.each([
    ['goose', ['1_a.sql'], '-- +goose Up\n'],
    ['dbmate', ['1_a.sql'], '-- migrate:up\n'],
    ['Flyway', ['V1__a.sql'], ''],
    ['Prisma', ['migration_lock.toml', '1_a/migration.sql'], ''],
    ['Diesel', ['1_a/up.sql', '1_a/down.sql'], ''],
    ['Alembic', ['versions/1_a.py'], ''],
    ['no layout that deploycheck knows (1_a_down.sql)', ['1_a.up.sql', '1_a_down.sql'], ''],
  ])('of %s is named, and not taken for another', (detected, files, text) => {
    expect(detectLayout(files, text)).toEqual({ layout: 'unsupported', detected });
  });
});
