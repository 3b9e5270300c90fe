import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const history = (...lines: readonly string[]) => ({
  history: lines.map((created_by) => ({ created_by, empty_layer: true })),
});

it.each<[string, object, readonly string[]]>([
  ['/', {}, ['system']],
  ['/proc/sys', {}, ['system']],
  ['/var/run/docker.sock', {}, ['socket']],
  ['data', {}, ['relative']],
  ['/data', {}, []],
  ['/var/lib/data/', {}, []],
  ['/data', history('VOLUME [/data]', '/bin/sh -c mkdir /data/in'), ['written-later']],
  ['/data', history('/bin/sh -c mkdir /data/in', '/bin/sh -c #(nop)  VOLUME [/data]'), []],
  ['/data', history('VOLUME [/data]', 'RUN /bin/sh -c mkdir /data/in # buildkit'), []],
  ['/data', history('VOLUME [/data]', '/bin/sh -c mkdir /database /mydata'), []],
])('says of %s with %j', async (path, more, ids) => {
  expect(await saidOf(check, { config: { Volumes: { [path]: {} } }, ...more })).toEqual(ids);
});
