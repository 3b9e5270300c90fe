import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

it.each<[readonly string[], string, object, readonly string[]]>([
  [['8080/tcp', '53/udp'], '', {}, []],
  [['22/tcp'], '', {}, ['ssh']],
  [['22/udp'], '', {}, []],
  [['80/tcp'], '7', {}, ['privileged']],
  [['80/tcp'], '', {}, []],
  [['http'], '', {}, ['invalid']],
  [['0/tcp'], '', {}, ['invalid']],
  [['70000'], '', {}, ['invalid']],
  [['8000-8010/tcp'], '', {}, ['invalid']],
  [['8080'], '', { expected: ['8080/tcp'] }, []],
  [['8080/tcp', '9090/tcp'], '', { expected: ['8080'] }, ['unexpected']],
  [['8080/tcp'], '', { expected: ['8080', '53/udp'] }, ['missing']],
  [['22/tcp'], '', { expected: ['22'] }, []],
])('says of %j for user %j with %j', async (ports, User, options, ids) => {
  const ExposedPorts = Object.fromEntries(ports.map((port) => [port, {}]));
  expect(await saidOf(check, { config: { ExposedPorts, User } }, { ...options })).toEqual(ids);
});
