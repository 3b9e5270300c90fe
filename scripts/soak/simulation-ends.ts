import { setTimeout as delay } from 'node:timers/promises';
import type { Running } from '../../test/e2e/running.ts';
import { type Bench, bench, workload } from '../../test/flows/simulate/support.ts';
import { bedOfRun, type Variables } from '../../test/systems/bed.ts';
import { createNamespace, kubectl, testImage } from '../../test/systems/kubernetes.ts';
import { killedServer } from '../../test/systems/servers.ts';
import { onBed } from './on-bed.ts';
import type { OpenScenario, Scenario, Try } from './scenario.ts';

const signals = ['SIGINT', 'SIGTERM', 'SIGKILL'] as const;
/** Milliseconds within which a whole simulation of the workload lies, its removal included. */
const span = 14_000;
/** Every so many tries the API server ends and comes back in the middle. */
const restartEvery = 10;

export const simulationEnds: Scenario = {
  name: 'simulation-ends',
  claim: 'a simulation that is ended at a random moment leaves nothing, once `clean` has run',
  count: 100,
  open: () => onBed(['kubernetes', 'registry'], openEnds),
};

async function openEnds(bed: Variables): Promise<OpenScenario> {
  const image = await testImage(bed('DEPLOYCHECK_TEST_REGISTRY'));
  const target = await createNamespace('soak');
  return {
    [Symbol.asyncDispose]: () => target[Symbol.asyncDispose](),
    async once(random, number) {
      await using own = await bench(bed);
      await own.manifests(workload(image, 'web'));
      const signal = signals[Math.floor(random() * signals.length)] ?? 'SIGKILL';
      const atMs = 300 + Math.floor(random() * span);
      const restarts = number % restartEvery === 0;
      const running = own.start('simulate', 'release.json', '-n', target.name, '--soak', '2s');
      if (restarts) await restartMeanwhile(running, random() * 5000);
      await Promise.race([delay(atMs), running.ended]);
      running.kill(signal);
      await running.ended;
      const how = `${signal}${restarts ? ' and a restart of the API server' : ''}`;
      return { how, problem: await leftBehind(own) };
    },
  };
}

async function restartMeanwhile(running: Running, afterMs: number): Promise<void> {
  await Promise.race([delay(afterMs), running.ended]);
  await using _ = await killedServer(bedOfRun(), 'kubernetes', 'kube-apiserver');
}

async function leftBehind(own: Bench): Promise<Try['problem']> {
  const cleaned = await own.run('clean');
  if (cleaned.exitCode !== 0) return `clean ended ${cleaned.exitCode}: ${cleaned.stdout}`;
  const again = await own.run('clean');
  if (!again.stdout.includes('nothing was left behind')) return `still there: ${again.stdout}`;
  const label = 'app.kubernetes.io/managed-by=deploycheck';
  const namespaces = await kubectl(['get', 'namespaces', '-l', label, '-o', 'name']);
  const volumes = await kubectl(['get', 'persistentvolumes', '-o', 'name']);
  return [namespaces, volumes]
    .map((text) => text.trim())
    .filter(Boolean)
    .join(' ');
}
