import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systems } from '../../systems/bed.ts';
import { createPodYard, namespaceOf, type PodYard } from './pods-support.ts';
import { obedient, shell } from './support.ts';

const bed = await systems('kubernetes', 'registry');
const long = { timeout: 240_000 };

describe.skipIf(!bed)('pods of a run that is ended', () => {
  let yard: PodYard;
  let image: string;
  beforeAll(async () => {
    if (!bed) return;
    yard = await createPodYard(bed);
    image = await yard.image('kept', { config: { User: '10001', ...shell(obedient) } });
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  /** What the program says when it begins with something; milliseconds after that it is ended. */
  const moments = [
    { line: /^ {2}in the temporary namespace/, ms: 0 },
    { line: /^ {2}in the temporary namespace/, ms: 150 },
    { line: /^ {2}as the image asks to be run/, ms: 700 },
    { line: /^ {2}with everything tightened/, ms: 0 },
    { line: /^ {2}with all of it, at the level restricted/, ms: 50 },
  ];

  it.each(moments)(
    'by SIGKILL, $ms ms after $line, leave what `clean` removes',
    long,
    async ({ line, ms }) => {
      const running = yard.start(image);
      await running.line(line);
      await delay(ms);
      running.kill('SIGKILL');
      const { stderr } = await running.ended;
      const { exitCode, stdout } = await yard.run('clean');
      expect([exitCode, stdout]).toEqual([
        0,
        expect.stringMatching(/^removed: temporary namespace/m),
      ]);
      expect((await namespaceOf(stderr)).exists).toBe(false);
      expect((await yard.run('clean')).stdout).toBe('nothing was left behind');
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s clean up themselves', long, async (signal) => {
    const running = yard.start(image);
    await running.line(/^ {2}with everything tightened/);
    running.kill(signal);
    const { exitCode, stderr } = await running.ended;
    expect([exitCode, (await namespaceOf(stderr)).exists]).toEqual([
      signal === 'SIGINT' ? 130 : 143,
      false,
    ]);
    expect((await yard.run('clean')).stdout).toBe('nothing was left behind');
  });
});
