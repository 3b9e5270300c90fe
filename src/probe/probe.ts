import { randomInt } from 'node:crypto';
import { canonicalDigest } from '../core/canonical.ts';
import { Fault } from '../core/fault.ts';
import type { ImageRun, RunTrial } from '../validators/runtime/image-run.ts';
import type { StartedContainer, Tightening } from '../validators/runtime/observation.ts';
import { type Baseline, runBaseline } from './baseline.ts';
import type { Bench } from './bench.ts';
import { proposalOf } from './proposed.ts';
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
 * Runs an image as it asks to be run, then under ever tighter settings. What was started goes with the scope of the
 * bench at the latest.
 * @throws Fault `usage-invalid`, and those of the bench
 */
export async function probeOn(bench: Bench): Promise<Probed> {
  requireHealthCheck(bench);
  const otherUser = randomInt(otherUsers.from, otherUsers.to);
  const baseline = await runBaseline(bench);
  if (!baseline.start.works) return ofBaseline(baseline, bench);
  const tightenings = await tighten({ ...baseline, otherUser }, bench);
  const network = await tryWithoutNetwork(bench);
  const memory = await tryMemory(bench);
  return whole(baseline, tightenings, { otherUser, network, memory }, bench);
}

/** @throws Fault `usage-invalid` when it is waited for and there is none, or nobody knows of one */
function requireHealthCheck({ request: { ready, label }, image: { config } }: Bench): void {
  if (ready.by !== 'health') return;
  if ('why' in config) throw new Fault('usage-invalid', `--ready health: ${label}: ${config.why}`);
  if (config.seen.hasHealthCheck) return;
  throw new Fault('usage-invalid', `--ready health: ${label} has no health check`);
}

interface Rest {
  readonly otherUser: number;
  readonly network: RunTrial;
  readonly memory: MemoryTried;
}

async function whole(
  baseline: Baseline,
  tightenings: Tightenings,
  { otherUser, network, memory }: Rest,
  bench: Bench,
): Promise<Probed> {
  const other: RunTrial = {
    ...{ setting: 'other-user', tried: `uid ${otherUser}`, asked: true },
    ...tightenings.otherUser,
  };
  const trials = [other, network, baseline.secondStart, memory.trial];
  const proposal = await proposalOf(tightenings.tightest, baseline, bench);
  return {
    container: containerOf(baseline, tightenings.trials, memory.limits, bench),
    run: runOf(baseline, trials, proposal, bench),
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
  { request, image, place }: Bench,
): StartedContainer {
  const body = {
    ...({ kind: 'container', name: request.label, label: request.label, owner: null } as const),
    ...{ process, users, trials, limits, stop, environment },
    token: { why: 'it is given no token' },
    source: `${place} ${image.id}`,
  };
  return { ...body, digest: canonicalDigest(body) };
}

function runOf(
  { start, health, written: writes }: Baseline,
  trials: readonly RunTrial[],
  proposal: ImageRun['proposal'],
  { request, image, place }: Bench,
): ImageRun {
  const body = {
    ...({ kind: 'imageRun', name: request.label, label: request.label } as const),
    ...{ start, health, trials, writes, proposal, diffIds: image.diffIds },
    source: `${place} ${image.id}`,
  };
  return { ...body, digest: canonicalDigest(body) };
}
