import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { ImageRun } from '../../../src/validators/runtime/image-run.ts';
import { systems } from '../../systems/bed.ts';
import { createPodYard, namespaceOf, type PodYard } from './pods-support.ts';
import { obedient, shell } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const long = { timeout: 300_000 };
const user = { User: '10001:10002' };

const proposed = ({ proposal }: ImageRun) => {
  if ('why' in proposal) throw new Error(proposal.why);
  return proposal.seen;
};

describe.skipIf(!bed)('an image that is run as pods', () => {
  let yard: PodYard;
  beforeAll(async () => {
    if (bed) yard = await createPodYard(bed);
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  it('passes when it bears everything, and is proven at the strictest level', long, async () => {
    const image = await yard.image('good', {
      files: [{ path: 'etc/ok', content: 'ok\n' }],
      config: {
        ...user,
        ...shell(obedient),
        Healthcheck: { Test: ['CMD', '/bin/cat', '/etc/ok'] },
      },
    });
    const flags = ['--memory', '64Mi', '--env', 'LEVEL=information'];
    const { result, probed, said, works } = await yard.probe(image, ...flags);
    expect(said, `${result.stdout}${result.stderr}`).toEqual([]);
    console.log(result.stdout, result.stderr);
  });
});
void [parse, proposed, namespaceOf];
