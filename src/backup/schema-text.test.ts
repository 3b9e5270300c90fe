import { expect, it } from 'vitest';
import { schemaDifference } from './schema-text.ts';

it('schemas differ by statements, not by versions and random keys', () => {
  const text = (key: string, column: string) =>
    `\\restrict ${key}\n-- Dumped by pg_dump version ${key}\n--\n-- Name: t; Type: TABLE; Schema: public; Owner: o\n--\nCREATE TABLE t (\n    ${column}\n);\n\\unrestrict ${key}\n`;
  expect(schemaDifference(text('a', 'id int'), text('b', 'id int'))).toBeUndefined();
  expect(schemaDifference(text('a', 'id int'), text('b', 'id text'))).toEqual({
    object: 'table t',
    expected: '    id int',
    found: '    id text',
  });
  expect(schemaDifference('a', 'a\nb')).toMatchObject({ expected: 'the end', found: 'b' });
});
