import { describe, expect, it } from 'vitest';
import { egressPolicy, egressRules } from './egress.ts';

const resolve = async (host: string) => {
  if (host !== 'db.example.com') throw new Error('ENOTFOUND');
  return ['192.0.2.7', '2001:db8::7', '192.0.2.7'];
};
const rules = (...texts: string[]) => egressRules(texts, resolve);

describe('what pods may reach', () => {
  it('is named by host, address or range, with or without a port', async () => {
    const found = await rules(
      'db.example.com:5432',
      '192.0.2.1',
      '10.0.0.0/8:443',
      '[2001:db8::1]:80',
    );
    expect(found.map(({ cidrs, port }) => [cidrs, port])).toEqual([
      [['192.0.2.7/32', '2001:db8::7/128'], 5432],
      [['192.0.2.1/32'], null],
      [['10.0.0.0/8'], 443],
      [['2001:db8::1/128'], 80],
    ]);
  });

  it.each(['', 'a b', 'db.example.com:0', 'db.example.com:99999', 'db.example.com/8'])(
    'is not %j',
    async (text) => {
      await expect(rules(text)).rejects.toMatchObject({ code: 'usage-invalid' });
    },
  );

  it('has to have an address', async () => {
    await expect(rules('nowhere.example:1')).rejects.toThrow('nowhere.example has no address here');
  });
});

it('closes everything but names, the sandbox itself and what was asked for', async () => {
  const { spec } = egressPolicy('sandbox', await rules('192.0.2.1:5432'));
  expect(spec).toEqual({
    podSelector: {},
    policyTypes: ['Egress'],
    egress: [
      { to: [{ podSelector: {} }] },
      {
        ports: [
          { protocol: 'UDP', port: 53 },
          { protocol: 'TCP', port: 53 },
        ],
      },
      {
        to: [{ ipBlock: { cidr: '192.0.2.1/32' } }],
        ports: [{ protocol: 'TCP', port: 5432 }],
      },
    ],
  });
});
