import { expect, it } from 'vitest';
import { seen } from '../testing.ts';
import { check } from './index.ts';

it.each([
  ['FROM a:1\nRUN a && chmod -R u+s /x\nCOPY --chmod=2755 a /x\n', ['bit 2:1', 'bit 3:1']],
  [
    'FROM a:1\nRUN install -o root -m 4755 a /b\nRUN setcap cap_sys_admin+ep /a\n',
    ['bit 2:1', 'capability 3:1'],
  ],
  [
    'FROM a:1\nRUN chmod 1777 /tmp && chmod +x /a && chmod 755 4755\nRUN setcap cap_net_bind_service=+ep /a\n',
    [],
  ],
])('sees %j', async (text, expected) => {
  expect(await seen(check, text)).toEqual(expected);
});
