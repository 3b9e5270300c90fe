import { describe, expect, it } from 'vitest';
import { schemaDifference } from './schema-text.ts';

const object = (name: string, type: string, ...lines: readonly string[]) =>
  ['--', `-- Name: ${name}; Type: ${type}; Schema: public; Owner: o`, '--', '', ...lines, ''].join(
    '\n',
  );
const table = (name: string, column = 'id int') =>
  object(name, 'TABLE', `CREATE TABLE public.${name} (`, `    ${column}`, ');');
const dump = (key: string, ...objects: readonly string[]) =>
  [`\\restrict ${key}`, `-- Dumped by pg_dump version ${key}`, 'SET a = b;', ...objects].join('\n');

describe('two schemas', () => {
  it('do not differ by versions, random keys and order', () => {
    const one = dump('a', table('t'), table('u'));
    expect(schemaDifference(one, dump('b', table('u'), table('t')))).toBeUndefined();
  });

  it('differ by a line of an object', () => {
    expect(schemaDifference(dump('a', table('t')), dump('b', table('t', 'id text')))).toEqual({
      object: 'table t',
      expected: '    id int',
      found: '    id text',
    });
  });

  it('differ by an object more or less', () => {
    const type = object('state', 'TYPE', 'CREATE TYPE public.state AS ENUM (', "    'new'", ');');
    const more = { object: 'type state', expected: 'nothing' };
    expect(schemaDifference(dump('a', table('t')), dump('b', type, table('t')))).toEqual({
      ...more,
      found: 'CREATE TYPE public.state AS ENUM (',
    });
    expect(schemaDifference(dump('a', type, table('t')), dump('b', table('t')))).toMatchObject({
      object: 'type state',
      found: 'nothing',
    });
  });

  it('differ by an object that is the last, or no more', () => {
    const end = '-- PostgreSQL database dump complete';
    const one = `${dump('a', table('t'))}\n${end}`;
    const two = `${dump('a', table('t'), table('u'))}\n${end}`;
    expect(schemaDifference(one, two)).toMatchObject({ object: 'table u', expected: 'nothing' });
    expect(schemaDifference(two, one)).toMatchObject({ object: 'table u', found: 'nothing' });
  });

  it('differ by where a table is kept', () => {
    const moved = dump('a', 'SET default_tablespace = fast;', table('t'));
    expect(schemaDifference(moved, dump('b', table('t')))).toMatchObject({
      object: 'table t',
      expected: 'default_tablespace: fast',
    });
    expect(
      schemaDifference(
        dump('a', "SET default_tablespace = '';", table('t')),
        dump('b', table('t')),
      ),
    ).toBeUndefined();
  });
});
