import { expect, it } from 'vitest';
import { saidOf } from '../testing.ts';
import { check } from './index.ts';

const file = [{ path: 'app', content: 'x' }];
const steps = (...lines: readonly string[]) => ({
  layers: lines.map(() => file),
  history: lines.map((created_by) => ({ created_by })),
});

it.each<[string, readonly string[]]>([
  ['ADD https://example.com/tool /usr/bin/ # buildkit', ['remote-add']],
  ['ADD --checksum=sha256:0 https://example.com/tool /usr/bin/ # buildkit', []],
  ['ADD app.tar /app # buildkit', ['local-add']],
  ['/bin/sh -c #(nop) ADD file:0123 in / ', []],
  ['/bin/sh -c #(nop) COPY file:0123 in /app ', []],
  ['/bin/sh -c apt-get update && apt-get -y dist-upgrade', ['upgrade']],
  ['RUN /bin/sh -c apk upgrade --no-cache # buildkit', ['upgrade']],
  ['RUN /bin/sh -c apt-get update # buildkit', ['apt-install']],
  ['RUN /bin/sh -c apt-get -qq update && apt-get install -y curl # buildkit', []],
  ['RUN |1 VERSION=2 /bin/sh -c sudo make install # buildkit', ['sudo']],
  ['RUN /bin/sh -c cd /app # buildkit', ['cd']],
  ['RUN /bin/sh -c cd /app && make # buildkit', []],
])('says of %s', async (line, ids) => {
  expect(await saidOf(check, steps(line))).toEqual(ids);
});

it('leaves the steps of the base to those who build it', async () => {
  const upgrade = '/bin/sh -c apt-get -y upgrade';
  const base = steps(upgrade);
  expect(await saidOf(check, { ...steps(upgrade, upgrade), base })).toEqual(['upgrade']);
});
