import { expect, it } from 'vitest';
import { examine } from '../testing.ts';
import { check } from './index.ts';

const service = (spec: string) =>
  `apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec:\n  ${spec}\n`;

it('names the addresses once', async () => {
  const { seen, messages } = await examine(
    check,
    service('externalIPs: [203.0.113.7, "2001:db8::1"]'),
  );
  expect(seen).toEqual([{ messageId: 'set', line: 5, column: 3 }]);
  expect(messages).toEqual(['Service web takes the traffic to 203.0.113.7, 2001:db8::1']);
});

it.each(['externalIPs: []', 'externalIPs:', 'type: LoadBalancer'])(
  'is silent for %s',
  async (spec) => {
    expect((await examine(check, service(spec))).outcome).toBe('pass');
  },
);
