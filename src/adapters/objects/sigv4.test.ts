import { describe, expect, it } from 'vitest';
import { encodeKey, queryString, sha256, sign, signingKeys } from './sigv4.ts';

/**
 * The examples of "Authenticating Requests: Using the Authorization Header (AWS Signature Version 4)"
 * in the API reference of Amazon S3, with the keys, date and signatures published there.
 */
const signing = {
  accessKey: 'AKIAIOSFODNN7EXAMPLE',
  keys: signingKeys(() => 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY', 'us-east-1'),
  region: 'us-east-1',
  date: new Date('2013-05-24T00:00:00Z'),
};
const host = 'examplebucket.s3.amazonaws.com';
const nothing = sha256('');

describe('a signature is that of the published example', () => {
  it.each([
    {
      name: 'GET object',
      request: { method: 'GET', path: '/test.txt', query: '', headers: { range: 'bytes=0-9' } },
      body: nothing,
      signature: 'f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41',
    },
    {
      name: 'PUT object',
      request: {
        method: 'PUT',
        path: `/${encodeKey('test$file.text')}`,
        query: '',
        headers: {
          date: 'Fri, 24 May 2013 00:00:00 GMT',
          'x-amz-storage-class': 'REDUCED_REDUNDANCY',
        },
      },
      body: sha256('Welcome to Amazon S3.'),
      signature: '98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd',
    },
    {
      name: 'GET bucket lifecycle',
      request: { method: 'GET', path: '/', query: queryString({ lifecycle: '' }), headers: {} },
      body: nothing,
      signature: 'fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543',
    },
    {
      name: 'list objects',
      request: {
        method: 'GET',
        path: '/',
        query: queryString({ prefix: 'J', 'max-keys': '2', marker: undefined }),
        headers: {},
      },
      body: nothing,
      signature: '34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7',
    },
  ])('$name', ({ request, body, signature }) => {
    const headers = { ...request.headers, host, 'x-amz-content-sha256': body };
    const { authorization } = sign({ ...request, headers }, signing);
    expect(authorization).toMatch(
      /^AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE\/20130524\/us-east-1\/s3\/aws4_request,/,
    );
    expect(authorization?.split('Signature=')[1]).toBe(signature);
  });
});

it('encodes all but unreserved characters', () => {
  expect(encodeKey("a b/ü+~-_.!*'()/")).toBe('a%20b/%C3%BC%2B~-_.%21%2A%27%28%29/');
  expect(queryString({ b: 'x&y=z', a: '', B: '1' })).toBe('B=1&a=&b=x%26y%3Dz');
});
