import { answerProblems } from './answer-problems.ts';
import { askBehaviour, unaskedBehaviour } from './behaviour/ask.ts';
import type { BehaviourSeen } from './behaviour/seen.ts';
import { probeUrl } from './health.ts';
import type { ProbeSeen } from './observed-parts.ts';
import { type OpenReach, type ReachStage, reachOf } from './reach.ts';
import type { HealthProbe, HealthTarget, SimulateRequest } from './request.ts';
import { pause } from './until.ts';

const tries = 3;
/** Milliseconds. */
const pauseMs = 500;

/** What the services of a release answered. */
export interface Probed {
  readonly probes: readonly ProbeSeen[];
  readonly behaviour: readonly BehaviourSeen[];
}

/** Asks a ready pod behind each service, one after the other, through a forwarded port. */
export async function probeRelease(
  { health, secrets }: Pick<SimulateRequest, 'health' | 'secrets'>,
  stage: ReachStage,
): Promise<Probed> {
  const copied = [...secrets].flatMap(([name, { from }]) => (from === 'copy' ? [name] : []));
  const probes: ProbeSeen[] = [];
  const behaviour: BehaviourSeen[] = [];
  for (const target of health) {
    const { service } = target;
    const reach = await reachOf(service, stage);
    if (typeof reach === 'string') {
      const { probes: none, behaviour: nothing } = notProbed([target], reach);
      probes.push(...none);
      behaviour.push(...nothing);
      continue;
    }
    await using open = reach;
    for (const probe of target.probes) {
      const answer = await askUntilGood(open, probe, stage.clock.now());
      const { pod, port } = open.place();
      probes.push({ ...described(service, probe), pod, port, ...answer });
    }
    behaviour.push(...(await askBehaviour(target, copied, open)));
  }
  return { probes, behaviour };
}

/** A pod may still be warming up when it says it is ready, so a bad answer is asked for again. */
async function askUntilGood(reach: OpenReach, probe: HealthProbe, now: Date) {
  const { path, status = 200, body, format, dependencies } = probe;
  const { origin, timeoutMs, verify, signal } = reach.asking();
  for (let attempt = 1; ; attempt++) {
    const asked = { url: origin + path, timeoutMs, verify, body, format, dependencies };
    const answer = await probeUrl(asked, { signal, now });
    const declared = { expectedStatus: status, expectedBody: body ?? null };
    if (answerProblems({ ...answer, ...declared }).length === 0 || attempt === tries) {
      return { ...answer, error: answer.error && (reach.problem() ?? answer.error) };
    }
    await pause(pauseMs, signal);
  }
}

function described(service: string, { path, status = 200, body }: HealthProbe) {
  return { service, path, expectedStatus: status, expectedBody: body ?? null };
}

/** All services, when nobody could be asked. */
export function notProbed(health: readonly HealthTarget[], why: string): Probed {
  const probes = health.flatMap((target) =>
    target.probes.map((probe) => unasked(target.service, probe, why)),
  );
  return { probes, behaviour: unaskedBehaviour(health, why) };
}

function unasked(service: string, probe: HealthProbe, error: string): ProbeSeen {
  const nothing = { pod: null, port: null, status: null, bodyMatches: null, json: null };
  const rest = { dependencies: [], body: '', durationMs: 0, tlsDaysLeft: null, error };
  return { ...described(service, probe), ...nothing, ...rest };
}
