import type { Asking, Reach } from './asking.ts';
import { askAuthentication } from './authentication.ts';
import { askCors } from './cors.ts';
import type { Behaviour, ScenarioDeclared } from './declared.ts';
import { askHeaders } from './headers.ts';
import { askIdempotency } from './idempotency.ts';
import { askInjection } from './injection.ts';
import { askRateLimit } from './rate-limit.ts';
import { askScenario } from './scenario.ts';
import type {
  AskedBehaviour,
  BehaviourName,
  BehaviourSeen,
  SeenOf,
  UnaskedBehaviour,
} from './seen.ts';

export interface BehaviourTarget {
  readonly service: string;
  readonly behaviour?: Behaviour | undefined;
}

/** Asks everything declared, one after the other. @param copied Secrets that are the target's own */
export async function askBehaviour(
  { service, behaviour = {} }: BehaviourTarget,
  copied: readonly string[],
  reach: Reach,
): Promise<BehaviourSeen[]> {
  const all: BehaviourSeen[] = [];
  for (const question of questionsOf(behaviour)) {
    if (question.writes && copied.length > 0) {
      // What such a request writes could land in the target's own database.
      const why = `it writes, and Secret/${copied[0]} is the target's own; give the sandbox one with values`;
      all.push(unasked(service, question, why));
    } else {
      all.push(await question.ask(service, reach));
    }
  }
  return all;
}

/** Everything declared, when nobody could be asked. */
export function unaskedBehaviour(
  targets: readonly BehaviourTarget[],
  why: string,
): UnaskedBehaviour[] {
  return targets.flatMap(({ service, behaviour = {} }) =>
    questionsOf(behaviour).map((question) => unasked(service, question, why)),
  );
}

/** What replaces pods comes after what asks them, and the limit of requests last: it keeps others out. */
function questionsOf(behaviour: Behaviour) {
  const { headers, cors, authentication, idempotency, injection, scenarios, rateLimit } = behaviour;
  return [
    ...questions('headers', headers, 'GET', askHeaders),
    ...questions('cors', cors, 'GET', askCors),
    ...questions('authentication', authentication, 'GET', askAuthentication),
    ...questions('idempotency', idempotency, 'POST', askIdempotency),
    ...questions('injection', injection, 'GET', askInjection),
    ...(scenarios ?? []).map(scenarioQuestion),
    ...questions('rate-limit', rateLimit, 'GET', askRateLimit),
  ];
}

interface Declared {
  readonly path: string;
  readonly method?: string | undefined;
}

interface Question<K extends BehaviourName> {
  readonly behaviour: K;
  readonly path: string;
  /** Whether its requests may change something (RFC 9110 section 9.2.1). */
  readonly writes: boolean;
  ask(service: string, reach: Reach): Promise<AskedBehaviour<K>>;
}

function questions<K extends BehaviourName, D extends Declared>(
  behaviour: K,
  declared: readonly D[] | undefined,
  usual: string,
  ask: (declared: D, asking: Asking) => Promise<SeenOf<K>>,
): Question<K>[] {
  return (declared ?? []).map((entry) => ({
    behaviour,
    path: entry.path,
    writes: isWriting(entry.method ?? usual),
    async ask(service, reach) {
      const seen = await ask(entry, reach.asking());
      return { behaviour, service, pod: reach.pod(), path: entry.path, seen };
    },
  }));
}

function scenarioQuestion(scenario: ScenarioDeclared): Question<'scenario'> {
  const { name: path, steps } = scenario;
  return {
    ...{ behaviour: 'scenario', path },
    writes: steps.some((step) => 'path' in step && isWriting(step.method ?? 'GET')),
    async ask(service, reach) {
      const seen = await askScenario(scenario, reach);
      return { behaviour: 'scenario', service, pod: reach.pod(), path, seen };
    },
  };
}

const isWriting = (method: string): boolean => !/^(GET|HEAD|OPTIONS)$/.test(method);

function unasked(
  service: string,
  { behaviour, path }: { readonly behaviour: BehaviourName; readonly path: string },
  why: string,
): UnaskedBehaviour {
  return { behaviour, service, path, pod: null, why };
}
