import { describe, expect, it } from 'vitest';
import { cronOf, timeZoneOf } from './times.ts';

describe('the fields of a schedule', () => {
  it.each(['30 2 * * *', '*/15 0-6,22 1 JAN,jul MON-FRI', '  0  0  1-31/2 * 0 '])(
    'are %j',
    (text) => {
      expect(cronOf('--cron', text)).toBe(text.trim().split(/\s+/).join(' '));
    },
  );

  it.each([
    '',
    '30 2 * *',
    '30 2 * * * *',
    '@daily',
    'TZ=UTC 30 2 * * *',
    '30 2 * * $(x)',
    '1,,2 * * * *',
  ])('are not %j', (text) => {
    expect(() => cronOf('--cron', text)).toThrow(/--cron .*expected minute/);
  });
});

describe('a time zone', () => {
  it.each(['Etc/UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia'])('is %s', (name) => {
    expect(timeZoneOf(name)).toBe(name);
  });

  it.each(['', 'Mars/Olympus', '+02:00', 'local time'])('is not %j', (name) => {
    expect(() => timeZoneOf(name)).toThrow(/--time-zone/);
  });
});
