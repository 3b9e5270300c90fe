import { randomInt } from 'node:crypto';
import { canonicalDigest } from '../core/canonical.ts';
import { Fault } from '../core/fault.ts';
import type { ImageRun, RunTrial } from '../validators/runtime/image-run.ts';
import type { StartedContainer, Tightening } from '../validators/runtime/observation.ts';
import { type Baseline, runBaseline } from './baseline.ts';
import { type Bench, createBench } from './bench.ts';
import { proposalOf } from './proposed.ts';
import type { ProbeContext, ProbeRequest } from './request.ts';
import { type Tightenings, tighten } from './tightest.ts';
import { type MemoryTried, tryMemory, tryWithoutNetwork } from './trials.ts';

/** What one image showed: as a container, for the rules that pods have, and as an image. */
export interface Probed {
  readonly container: StartedContainer;
  readonly run: ImageRun;
}

/**
 * Ids that no image names, and that fit into the 65536 of a user name space (user_namespaces(7)).
 */
const otherUsers = { from: 30_000, to: 60_000 } as const;

/**
 * Runs an image as it asks to be run, then under ever tighter settings, and removes everything it started.
 * @throws Fault `input-missing`, `engine-unreachable`, `engine-failed`, `reference-invalid`
 */
export async function probeImage(request: ProbeRequest, context: ProbeContext): Promise<Probed> {
  const { engine, signal } = context;
  const image = await engine.inspectImage(request.image, signal);
  if (!image) {
    throw new Fault(
      'input-missing',
      `Docker Engine at ${engine.host} has no image ${request.label}; \`docker pull\` or \`docker load\` it first`,
    );
  }
  if (request.ready.by === 'health' && !image.config.healthcheck) {
    throw new Fault('usage-invalid', `--ready health: ${request.label} has no health check`);
  }
  const bench = await createBench(request, image, context);
  const otherUser = randomInt(otherUsers.from, otherUsers.to);
  const baseline = await runBaseline(bench);
  if (!baseline.start.works) return ofBaseline(baseline, bench);
  const tightenings = await tighten({ ...baseline, otherUser }, bench);
  const network = await tryWithoutNetwork(bench);
  const memory = await tryMemory(bench);
  return whole(baseline, tightenings, { otherUser, network, memory }, bench);
}

interface Rest {
  readonly otherUser: number;
  readonly network: RunTrial;
  readonly memory: MemoryTried;
}

function whole(
  baseline: Baseline,
  tightenings: Tightenings,
  { otherUser, network, memory }: Rest,
  bench: Bench,
): Probed {
  const other: RunTrial = {
    ...{ setting: 'other-user', tried: `uid ${otherUser}`, asked: true },
    ...tightenings.otherUser,
  };
  const trials = [other, network, baseline.secondStart, memory.trial];
  return {
    container: containerOf(baseline, tightenings.trials, memory.limits, bench),
    run: runOf(baseline, trials, proposalOf(tightenings.tightest, baseline, bench), bench),
  };
}

const tightenings: readonly Tightening[] = [
  'read-only-root',
  'no-capabilities',
  'no-new-privileges',
];

/** What did not start is not tried any further. */
function ofBaseline(baseline: Baseline, bench: Bench): Probed {
  const why = 'the image does not start as it asks to be run';
  const open = { works: null, why };
  const trials = (['other-user', 'no-network', 'memory-limit'] as const).map(
    (setting): RunTrial => ({ setting, tried: setting, asked: true, ...open }),
  );
  return {
    container: containerOf(
      baseline,
      tightenings.map((setting) => ({ setting, ...open })),
      { why },
      bench,
    ),
    run: runOf(baseline, [...trials, baseline.secondStart], { why }, bench),
  };
}

function containerOf(
  { process, users, stop, environment }: Baseline,
  trials: StartedContainer['trials'],
  limits: StartedContainer['limits'],
  { request, image, engine }: Bench,
): StartedContainer {
  const body = {
    ...({ kind: 'container', name: request.label, label: request.label, owner: null } as const),
    ...{ process, users, trials, limits, stop, environment },
    token: { why: 'an engine gives no tokens' },
    source: `${engine.host} ${image.id}`,
  };
  return { ...body, digest: canonicalDigest(body) };
}

function runOf(
  { start, health, written: writes }: Baseline,
  trials: readonly RunTrial[],
  proposal: ImageRun['proposal'],
  { request, image, engine }: Bench,
): ImageRun {
  const body = {
    ...({ kind: 'imageRun', name: request.label, label: request.label } as const),
    ...{ start, health, trials, writes, proposal, diffIds: image.diffIds },
    source: `${engine.host} ${image.id}`,
  };
  return { ...body, digest: canonicalDigest(body) };
}
