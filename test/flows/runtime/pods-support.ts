import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CliResult, deploycheck } from '../../e2e/cli.ts';
import { type Running, start } from '../../e2e/running.ts';
import type { Variables } from '../../systems/bed.ts';
import { pushTestImage, type TestImagePlan } from '../../systems/images.ts';
import { assertWritable } from '../../systems/kubernetes.ts';
import { namespaceExists } from '../simulate/support.ts';
import { type Outcome, outcomeOf } from './support.ts';

/** Settings under which a trial takes no longer than it has to. */
const quick = { '--settle': '700ms', '--grace': '2s', '--ready-timeout': '20s' };

/** The cluster of a bed with images of this test's own, and the program run in a folder. */
export interface PodYard extends AsyncDisposable {
  readonly folder: string;
  /** Pushes an image and gives the reference that nodes pull it by. */
  image(name: string, plan: TestImagePlan): Promise<string>;
  run(...args: readonly string[]): Promise<CliResult>;
  /** `validate runtime --in-cluster` with short times. */
  probe(image: string, ...more: readonly string[]): Promise<Outcome>;
  /** The same, of which only its end is wanted. */
  end(image: string, ...more: readonly string[]): Promise<CliResult>;
  start(image: string, ...more: readonly string[]): Running;
}

export async function createPodYard(bed: Variables): Promise<PodYard> {
  await assertWritable();
  const registry = bed('DEPLOYCHECK_TEST_REGISTRY');
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-pods-'));
  const env = { KUBECONFIG: bed('KUBECONFIG'), DOCKER_CONFIG: join(folder, 'none') };
  const prefix = `tests/p${crypto.randomUUID().slice(0, 13)}`;
  const run = (...args: readonly string[]) => deploycheck(args, { cwd: folder, env });
  const words = (image: string, more: readonly string[]) => [
    ...['validate', 'runtime', image, '--in-cluster', '--preset', 'recommended', ...more],
    ...Object.entries(quick).flatMap(([flag, value]) => (more.includes(flag) ? [] : [flag, value])),
  ];
  return {
    ...{ folder, run },
    async image(name, plan) {
      await pushTestImage(registry, `${prefix}-${name}`, '1', plan);
      return `${registry}/${prefix}-${name}:1`;
    },
    probe: async (image, ...more) => outcomeOf(folder, await run(...words(image, more))),
    end: (image, ...more) => run(...words(image, more)),
    start: (image, ...more) => start(words(image, more), { cwd: folder, env }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** The temporary namespace that a run named, and whether it is still there. */
export async function namespaceOf(said: string): Promise<{ name: string; exists: boolean }> {
  const [name] = /deploycheck-[0-9a-f]{8}(?![0-9a-f])/.exec(said) ?? [];
  if (name === undefined) throw new Error(`no namespace is named:\n${said}`);
  return { name, exists: await namespaceExists(name) };
}
