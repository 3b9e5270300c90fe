import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseConnectionUri } from './connection-uri.ts';

describe('a connection URI', () => {
  it.each([
    ['postgres://', {}],
    ['postgresql://host', { host: 'host' }],
    ['postgres://host:5433', { host: 'host', port: '5433' }],
    ['postgres://host:/db', { host: 'host', dbname: 'db' }],
    ['postgres://u@host/db', { user: 'u', host: 'host', dbname: 'db' }],
    ['postgres://u:p@', { user: 'u', password: 'p' }],
    ['postgres://u:p:q@h', { user: 'u', password: 'p:q', host: 'h' }],
    ['postgres:///db?host=/run/pg', { dbname: 'db', host: '/run/pg' }],
    ['postgres://%2Frun%2Fpg/db', { host: '/run/pg', dbname: 'db' }],
    ['postgres://[::1]:5433/db', { host: '::1', port: '5433', dbname: 'db' }],
    ['postgres://h?sslmode=require&user=u', { host: 'h', sslmode: 'require', user: 'u' }],
    ['postgres://h/db?ssl=true', { host: 'h', dbname: 'db', sslmode: 'require' }],
    ['postgres://h/a+b%20c', { host: 'h', dbname: 'a+b c' }],
    ['postgres://h?keepalives=1&gssencmode=disable', { host: 'h' }],
  ])('%s', (uri, expected) => {
    expect(parseConnectionUri(uri)).toEqual(expected);
  });

  it.each([
    ['mysql://u:secret@h', "does not begin with 'postgres://'"],
    ['postgres://u:secret@a,b', 'several hosts'],
    ['postgres://u:secret@h:port', 'host and port'],
    ['postgres://u:secret@h?sslcrl=x', "the parameter 'sslcrl' is not supported"],
    ['postgres://u:secret@h?target_session_attrs=primary', 'not supported'],
    ['postgres://u:secret@h?sslmode', 'not written as name=value'],
    ['postgres://u:secret@h?sslmode=a=b', 'not written as name=value'],
    ['postgres://u:%zzsecret@h', "'%' in password"],
    ['postgres://u:%ffsecret@h', "'%' in password"],
    ['postgres://u:%00secret@h', 'zero byte'],
    ['postgres://u:sec/secret@h', '%40 and %2F'],
    ['postgres://u:sec/secret', 'host and port'],
    ['postgres://u:sec@secret@h', '%40 and %2F'],
    ['postgres://u:12/secret@h', '%40 and %2F'],
  ])('refuses %s without repeating it', (uri, why) => {
    let message = '';
    try {
      parseConnectionUri(uri);
    } catch (error) {
      expect(error).toMatchObject({ code: 'database-url-invalid' });
      message = String(error);
    }
    expect(message).toContain(why);
    expect(message).not.toContain('secret');
  });

  it('gives back whatever was encoded into it', () => {
    const text = fc
      .string({ unit: 'binary', minLength: 1 })
      .filter((value) => !value.includes('\0'));
    const parts = fc.record({
      user: text,
      password: text,
      host: text,
      dbname: text,
      options: text,
    });
    fc.assert(
      fc.property(parts, ({ user, password, host, dbname, options }) => {
        const [u, p, h, d, o] = [user, password, host, dbname, options].map(encodeURIComponent);
        expect(parseConnectionUri(`postgres://${u}:${p}@${h}:1/${d}?options=${o}`)).toEqual({
          user,
          password,
          host,
          port: '1',
          dbname,
          options,
        });
      }),
    );
  });
});
