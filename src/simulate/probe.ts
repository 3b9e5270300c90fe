import type { Kube, KubeObject } from '../adapters/kube/kube.ts';
import { intOrStringAt, listAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { probeUrl } from './health.ts';
import { isTrueCondition } from './object-id.ts';
import type { ProbeSeen } from './observed-parts.ts';
import type { PlannedObject } from './plan.ts';
import type { HealthProbe, HealthTarget } from './request.ts';
import { pause } from './until.ts';
import type { World } from './world.ts';

/** Milliseconds. */
const answerMs = 10_000;
const tries = 3;
const pauseMs = 500;

interface Place {
  readonly pod: string;
  readonly port: number;
}

/** Asks a ready pod behind each service, one after the other, through a forwarded port. */
export async function probeHealth(
  kube: Kube,
  sandbox: string,
  health: readonly HealthTarget[],
  release: { readonly inside: readonly PlannedObject[]; readonly world: World },
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<ProbeSeen[]> {
  const seen: ProbeSeen[] = [];
  for (const { service, probes } of health) {
    const place = placeOf(service, release.inside, release.world);
    if (typeof place === 'string') {
      seen.push(...probes.map((probe) => unasked(service, probe, place)));
      continue;
    }
    const forward = await kube.forward({ name: place.pod, namespace: sandbox }, place.port, signal);
    try {
      for (const probe of probes) {
        const url = `http://127.0.0.1:${forward.port}${probe.path}`;
        const answer = await askUntilGood(url, probe, signal, now);
        const error = answer.error && (forward.problem() ?? answer.error);
        seen.push({ ...described(service, probe), ...place, ...answer, error });
      }
    } finally {
      await forward.close();
    }
  }
  return seen;
}

/** A pod may still be warming up when it says it is ready, so a bad answer is asked for again. */
async function askUntilGood(url: string, probe: HealthProbe, signal: AbortSignal, now: Date) {
  for (let attempt = 1; ; attempt++) {
    const asked = { url, timeoutMs: answerMs, body: probe.body };
    const { tlsDaysLeft: _, ...answer } = await probeUrl(asked, { signal, now });
    const good = answer.status === (probe.status ?? 200) && answer.bodyMatches !== false;
    if (good || attempt === tries) return answer;
    await pause(pauseMs, signal);
  }
}

function described(service: string, { path, status = 200, body }: HealthProbe) {
  return { service, path, expectedStatus: status, expectedBody: body ?? null };
}

/** The probes of all services when nobody could be asked. */
export function unaskedProbes(health: readonly HealthTarget[], why: string): ProbeSeen[] {
  return health.flatMap(({ service, probes }) =>
    probes.map((probe) => unasked(service, probe, why)),
  );
}

function unasked(service: string, probe: HealthProbe, error: string): ProbeSeen {
  const nothing = { pod: null, port: null, status: null, bodyMatches: null };
  return { ...described(service, probe), ...nothing, body: '', durationMs: 0, error };
}

/** A pod and its port for the service; otherwise, in words, why there is none. */
function placeOf(service: string, inside: readonly PlannedObject[], world: World): Place | string {
  const tagged = inside.filter((planned) => planned.service === service);
  const candidates = tagged.length > 0 ? tagged : inside;
  const services = candidates.filter(
    ({ object }) => object.kind === 'Service' && Object.keys(selectorOf(object)).length > 0,
  );
  const named = services.find(({ object }) => object.metadata.name === service);
  const chosen = named ?? (tagged.length > 0 ? services[0] : undefined);
  if (!chosen) return `the release has no Service with a selector for '${service}'`;
  const pods = [...world.objects.values()].filter(
    (object) => object.kind === 'Pod' && selects(selectorOf(chosen.object), object),
  );
  const pod = pods.find((candidate) => isTrueCondition(candidate, 'Ready'));
  if (!pod) return `no pod behind Service/${chosen.object.metadata.name} is ready`;
  const port = portOf(chosen.object, pod);
  if (port === undefined) {
    return `Service/${chosen.object.metadata.name} names a port that the pod does not have`;
  }
  return { pod: pod.metadata.name, port };
}

const selectorOf = (object: KubeObject) => recordAt(object, 'spec', 'selector');

function selects(selector: Readonly<Record<string, unknown>>, { metadata }: KubeObject): boolean {
  return Object.entries(selector).every(([key, value]) => metadata.labels?.[key] === value);
}

/** The container port behind the first port that speaks HTTP by its name, or behind the first. */
function portOf(service: KubeObject, pod: KubeObject): number | undefined {
  const ports = listAt(service, 'spec', 'ports').filter(
    (port) => (stringAt(port, 'protocol') ?? 'TCP') === 'TCP',
  );
  const chosen = ports.find((port) => /^(http|web)/.test(stringAt(port, 'name') ?? '')) ?? ports[0];
  const target = intOrStringAt(chosen, 'targetPort') ?? intOrStringAt(chosen, 'port');
  if (typeof target === 'number') return target;
  const declared = listAt(pod, 'spec', 'containers')
    .flatMap((container) => listAt(container, 'ports'))
    .find((port) => stringAt(port, 'name') === target);
  const number = partAt(declared, 'containerPort');
  return typeof number === 'number' ? number : undefined;
}
