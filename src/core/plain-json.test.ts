import { expect, it } from 'vitest';
import { parsePlain } from './plain-json.ts';

it.each([
  '{"User":"1","user":"1000","User":"0"}',
  '{"User":"1", "\\u0055ser" : "0"}',
  '{"config":{"Env":["A=b"]},"Config":{"User":"1000"}}',
  '{"config":{},"Config":{"User":"1000"}}',
  '{"Config":{"User":"1000"},"config": { }}',
  '{"a":[{"b":"\\"}","c":1,"c":2}]}',
  '{"config":null,"config":null}',
])('refuses %s, which may be read in two ways', (text) => {
  expect(parsePlain(text)).toBeUndefined();
});

it.each([
  '{"User":"10001","user":"0"}',
  '{"Volumes":{"/Data":{},"/data":{ }},"Labels":{"A":"x","a":"x"}}',
  '{"a":{"x":1},"b":{"x":1},"c":[{"x":1},{"x":1}],"x":"x\\\\\\":{"}',
  '{"a":"b","c":"a","d":["a","a"]}',
  '{}',
])('reads %s', (text) => {
  expect(parsePlain(text)).toEqual(JSON.parse(text));
});

it.each(['', '[]', '"a"', '{'])('refuses %j as others do', (text) => {
  expect(parsePlain(text)).toBeUndefined();
});

it('reads what is long and deep', () => {
  const deep = `{"a":${'['.repeat(5000)}${']'.repeat(5000)},"b":"${'\\n'.repeat(1_000_000)}"}`;
  expect(parsePlain(deep)).toBeDefined();
});
