import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Simulation } from '../../../src/simulate/observation.ts';
import type { Variables } from '../../systems/bed.ts';
import {
  createNamespace,
  kubectl,
  type TestNamespace,
  testImage,
} from '../../systems/kubernetes.ts';
import { bench, firstLine, type Kept, namespaceExists } from './support.ts';

/** A release, and what the simulation has to say of it. */
export interface Fault {
  readonly name: string;
  readonly release: (image: string) => readonly object[];
  /** The first line. */
  readonly says: RegExp;
  /** `doomed` unless given; `deadline` for what could still heal. */
  readonly ended?: Simulation['ended'];
  /** 1 unless given. */
  readonly exitCode?: number;
  readonly flags?: readonly string[];
  /** Applied to a target namespace of its own. */
  readonly target?: object;
  /** What is there while it runs. */
  readonly around?: () => Promise<AsyncDisposable>;
  /** Files beside the release. */
  readonly files?: Readonly<Record<string, string>>;
  readonly also?: (kept: Kept) => void | Promise<void>;
}

/** A target namespace of the level `baseline`, and the image that releases run. */
export interface Scene extends AsyncDisposable {
  readonly image: string;
  readonly bed: Variables;
  readonly namespace: string;
}

export async function openScene(bed: Variables): Promise<Scene> {
  const image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
  const target = await createNamespace('target');
  const label = 'pod-security.kubernetes.io/enforce=baseline';
  await kubectl(['label', 'namespace', target.name, label]);
  return {
    ...{ image, bed, namespace: target.name },
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
  };
}

/** Simulates the release, and expects what it is to say. */
export async function expectNamed(scene: Scene, fault: Fault): Promise<void> {
  await using own = await bench(scene.bed);
  await using _around = await fault.around?.();
  await using other = fault.target ? await targetWith(fault.target) : undefined;
  await own.manifests(...fault.release(scene.image));
  for (const [file, text] of Object.entries(fault.files ?? {})) await own.write(file, text);
  const namespace = other?.name ?? scene.namespace;
  const flags = [
    '--namespace',
    namespace,
    ...(fault.flags?.includes('--soak') ? [] : ['--soak', '1s']),
    ...(fault.flags ?? []),
  ];
  const result = await own.run('simulate', 'release.json', ...flags);
  const kept = await own.kept();
  const { record, simulation } = kept;

  expect(firstLine(result), result.stderr).toMatch(fault.says);
  expect(result.exitCode).toBe(fault.exitCode ?? 1);
  expect(simulation.ended).toBe(fault.ended ?? 'doomed');
  expect(simulation.removal?.state).toBe('removed');
  expect(record.findings.map(({ check }) => check)).not.toContain('simulation/untouched');
  expect(await namespaceExists(simulation.sandbox?.name ?? '')).toBe(false);
  await fault.also?.(kept);
}

/**
 * When the wait was over, counted back from the end of the run.
 * @returns milliseconds since 1970, a little too late rather than too early
 */
export function decidedMs({ record, simulation }: Kept): number {
  const after = simulation.steps.filter(({ name }) =>
    ['collect', 'clean up', 'prove'].includes(name),
  );
  const afterMs = after.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return Date.parse(record.startedAt) + record.durationMs - afterMs;
}

async function targetWith(object: object): Promise<TestNamespace> {
  const target = await createNamespace('target');
  await kubectl(['--namespace', target.name, 'apply', '-f', '-'], JSON.stringify(object));
  return target;
}

/** A test for each, several at once. */
export function describeFaults(
  title: string,
  bed: Variables | undefined,
  faults: readonly Fault[],
): void {
  describe.skipIf(!bed)(title, () => {
    let scene: Scene;
    beforeAll(async () => {
      if (bed) scene = await openScene(bed);
    });
    afterAll(() => scene?.[Symbol.asyncDispose]());

    it.concurrent.each(faults)('$name', { timeout: 240_000 }, (fault) => expectNamed(scene, fault));
  });
}
