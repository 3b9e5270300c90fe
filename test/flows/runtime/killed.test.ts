import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { deploycheck } from '../../e2e/cli.ts';
import { start } from '../../e2e/running.ts';
import { systems } from '../../systems/bed.ts';
import { createYard, obedient, shell, type Yard } from './support.ts';

const bed = await systems('engine', 'registry');
const long = { timeout: 240_000 };

describe.skipIf(!bed)('probes that are ended', () => {
  let yard: Yard;
  let image: string;
  beforeAll(async () => {
    if (!bed) return;
    yard = await createYard(bed);
    image = await yard.image('kept', {
      files: [{ path: 'data/', mode: 0o777 }],
      config: { ...shell(obedient), Volumes: { '/data': {} } },
    });
  });
  afterAll(() => yard?.[Symbol.asyncDispose]());

  /** What the program says when it begins with something; milliseconds after that it is ended. */
  const moments = [
    ...[0, 30, 120, 400].map((ms) => ({ line: /^ {2}as the image asks to be run/, ms })),
    ...[0, 100].map((ms) => ({ line: /^ {2}again on \/data/, ms })),
    ...[0, 60, 300].map((ms) => ({ line: /^ {2}with everything tightened/, ms })),
    ...[0, 200].map((ms) => ({ line: /^ {2}without a network/, ms })),
  ];

  it.each(moments)(
    'by SIGKILL, $ms ms after $line, leave what `clean` removes',
    long,
    async (at) => {
      const running = yard.start(image);
      await running.line(at.line);
      await delay(at.ms);
      running.kill('SIGKILL');
      await running.ended;
      const { exitCode, stdout } = await yard.run('clean');
      expect([exitCode, yard.left()], stdout).toEqual([0, []]);
      expect(stdout).toMatch(/removed: containers of .*kept:1 /);
      expect((await yard.run('clean')).stdout).toBe('nothing was left behind');
    },
  );

  it.each(['SIGINT', 'SIGTERM'] as const)('by %s clean up themselves', long, async (signal) => {
    for (const { line, ms } of moments.filter((_, at) => at % 3 === 0)) {
      const running = yard.start(image);
      await running.line(line);
      await delay(ms);
      running.kill(signal);
      const { exitCode, stderr } = await running.ended;
      expect([exitCode, yard.left()], stderr).toEqual([signal === 'SIGINT' ? 130 : 143, []]);
      expect((await yard.run('clean')).stdout).toBe('nothing was left behind');
    }
  });

  it('by --timeout clean up themselves', long, async () => {
    const { exitCode } = await yard.run('validate', 'runtime', image, '--timeout', '2s');
    expect([exitCode, yard.left()]).toEqual([5, []]);
  });

  it('leave alone what others started, whatever a forged ledger says', long, async () => {
    const other = yard.docker('run', '-d', '--label', 'deploycheck.owner=mine', image);
    onTestFinished(() => void yard.docker('rm', '--force', '--volumes', other));
    const running = yard.start(image);
    await running.line(/with everything tightened/);
    running.kill('SIGKILL');
    await running.ended;
    await yard.run('clean');
    expect(yard.docker('inspect', '--format', '{{.State.Running}}', other)).toBe('true');
  });

  it('are removed from the engine that the ledger names', long, async () => {
    const running = yard.start(image);
    await running.line(/with everything tightened/);
    running.kill('SIGKILL');
    await running.ended;
    // The ledger names the engine, whatever the environment says by now.
    const elsewhere = { cwd: yard.folder, env: { DOCKER_HOST: 'unix:///no/such.sock' } };
    const { exitCode } = await deploycheck(['clean'], elsewhere);
    expect([exitCode, yard.left()]).toEqual([0, []]);
    const unreachable = start(['validate', 'runtime', image], elsewhere);
    expect((await unreachable.ended).exitCode).toBe(5);
  });
});
