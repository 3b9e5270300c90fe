import type { Kube } from '../adapters/kube/kube.ts';
import { answerProblems } from './answer-problems.ts';
import { askBehaviour, unaskedBehaviour } from './behaviour/ask.ts';
import type { BehaviourSeen } from './behaviour/seen.ts';
import { probeUrl } from './health.ts';
import type { ProbeSeen } from './observed-parts.ts';
import { placeOf } from './place.ts';
import type { PlannedObject } from './plan.ts';
import type { HealthProbe, HealthTarget, SimulateRequest } from './request.ts';
import { pause } from './until.ts';
import type { World } from './world.ts';

/** Milliseconds. */
const answerMs = 10_000;
const tries = 3;
const pauseMs = 500;

/** What the services of a release answered. */
export interface Probed {
  readonly probes: readonly ProbeSeen[];
  readonly behaviour: readonly BehaviourSeen[];
}

interface Release extends Pick<SimulateRequest, 'health' | 'secrets'> {
  readonly inside: readonly PlannedObject[];
  readonly world: World;
}

/** Asks a ready pod behind each service, one after the other, through a forwarded port. */
export async function probeRelease(
  kube: Kube,
  sandbox: string,
  { health, secrets, inside, world }: Release,
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<Probed> {
  const copied = [...secrets].flatMap(([name, { from }]) => (from === 'copy' ? [name] : []));
  const probes: ProbeSeen[] = [];
  const behaviour: BehaviourSeen[] = [];
  for (const target of health) {
    const { service } = target;
    const place = placeOf(service, inside, world);
    if (typeof place === 'string') {
      const { probes: none, behaviour: nothing } = notProbed([target], place);
      probes.push(...none);
      behaviour.push(...nothing);
      continue;
    }
    const forward = await kube.forward({ name: place.pod, namespace: sandbox }, place.port, signal);
    const origin = `http://127.0.0.1:${forward.port}`;
    try {
      for (const probe of target.probes) {
        const answer = await askUntilGood(origin + probe.path, probe, signal, now);
        const error = answer.error && (forward.problem() ?? answer.error);
        probes.push({ ...described(service, probe), ...place, ...answer, error });
      }
      const asking = { origin, timeoutMs: answerMs, signal };
      behaviour.push(...(await askBehaviour(target, place.pod, copied, asking)));
    } finally {
      await forward.close();
    }
  }
  return { probes, behaviour };
}

/** A pod may still be warming up when it says it is ready, so a bad answer is asked for again. */
async function askUntilGood(url: string, probe: HealthProbe, signal: AbortSignal, now: Date) {
  const { status = 200, body, format, dependencies } = probe;
  for (let attempt = 1; ; attempt++) {
    const asked = { url, timeoutMs: answerMs, body, format, dependencies };
    const { tlsDaysLeft: _, ...answer } = await probeUrl(asked, { signal, now });
    const declared = { expectedStatus: status, expectedBody: body ?? null };
    if (answerProblems({ ...answer, ...declared }).length === 0 || attempt === tries) return answer;
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
  const rest = { dependencies: [], body: '', durationMs: 0, error };
  return { ...described(service, probe), ...nothing, ...rest };
}
