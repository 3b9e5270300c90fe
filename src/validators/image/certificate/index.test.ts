import { expect, it } from 'vitest';
import { imageOf } from '../testing.ts';
import { check } from './index.ts';
import { expired, lasting } from './samples.ts';

async function said(
  files: readonly { readonly path: string; readonly content: string }[],
  now = Date.UTC(2026, 6, 1),
  options = {},
) {
  const target = await imageOf({}, [files]);
  const left: string[] = [];
  const drafts = await check.run({
    target,
    options,
    clock: { now: () => new Date(now), monotonic: () => 0 },
    signal: new AbortController().signal,
    evidence: { add: () => Promise.reject(new Error('no evidence')) },
    notExamined: (what) => left.push(what),
    skip: () => {},
  });
  return [...drafts.map(({ messageId }) => messageId), ...left];
}

const at = (content: string, path = 'app/server.pem') => [{ path, content }];

it.each<[string, string, number, object, readonly string[]]>([
  ['that ran out', expired, Date.UTC(2026, 6, 1), {}, ['expired']],
  ['on its last days', expired, Date.UTC(1955, 11, 20), {}, ['soon']],
  ['on its last days, which is long enough', expired, Date.UTC(1955, 11, 20), { days: 3 }, []],
  ['that holds', lasting, Date.UTC(2026, 6, 1), {}, []],
  ['that does not hold yet', lasting, Date.UTC(1950, 0, 1), {}, ['early']],
  ['behind another', `${lasting}${expired}`, Date.UTC(2026, 6, 1), {}, ['expired']],
])('says of a certificate %s', async (_, content, now, options, ids) => {
  expect(await said(at(content), now, options)).toEqual(ids);
});

it('says that it could not read what is none', async () => {
  const broken = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n';
  expect(await said(at(broken))).toEqual(['a certificate in /app/server.pem']);
});

it('says that it could not read what was not kept', async () => {
  const large = `${expired}${'#'.repeat(1024 * 1024)}`;
  expect(await said(at(large))).toEqual(['certificates in /app/server.pem']);
});

it.each(['etc/ssl/certs/ca.pem', 'usr/share/ca-certificates/x/y.crt', 'app/notes.txt'])(
  'leaves authorities of the distribution and other files alone: %s',
  async (path) => {
    expect(await said(at(expired, path))).toEqual([]);
  },
);

it('leaves bundles of authorities alone', async () => {
  expect(await said(at(expired.repeat(11)))).toEqual([]);
});
