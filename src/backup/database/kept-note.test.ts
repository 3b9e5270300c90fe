import { describe, expect, it } from 'vitest';
import { type KeptNote, keptFor, noteText, readNote } from './kept-note.ts';

const note: KeptNote = {
  kept: 'before',
  name: 'shop',
  set: '20260101T000000000Z-shop-5f0c9a1e',
  at: '2026-01-01T00:00:00.000Z',
  systemIdentifier: '7300000000000000001',
  oid: '16384',
  successor: '16385',
  comment: "it's\n\\ mine",
};

describe('the note in the comment of a database', () => {
  it('says in words what happened, and can be read', () => {
    const text = noteText(note);
    expect(text.split('\n')[0]).toBe(
      `deploycheck: kept since the set ${note.set} took the name shop at ${note.at}`,
    );
    expect(readNote(text)).toEqual(note);
  });

  it.each([
    null,
    '',
    'deploycheck: kept',
    'deploycheck: kept\n{}',
    JSON.stringify(note),
    `x\n${JSON.stringify(note)}`,
  ])('is none: %j', (comment) => {
    expect(readNote(comment)).toBeUndefined();
  });

  it('counts for the database that it is about, by its name, on its server', () => {
    const entry = { name: 'shop_before', oid: '16384', comment: noteText(note), template: false };
    const found = (name: string, system: string, change = {}) =>
      keptFor(name, system, [{ ...entry, ...change }]).length;
    expect(found('shop', note.systemIdentifier)).toBe(1);
    expect(found('other', note.systemIdentifier)).toBe(0);
    expect(found('shop', '1')).toBe(0);
    expect(found('shop', note.systemIdentifier, { oid: '9' })).toBe(0);
  });
});
