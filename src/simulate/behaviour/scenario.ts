import type { HttpAnswer } from '../../core/ask-http.ts';
import { isRecord, partAt } from '../../validators/manifest/read.ts';
import { matches, parsed } from '../health.ts';
import { type Asking, isGood, type Reach } from './asking.ts';
import type { ScenarioDeclared, ScenarioRequest } from './declared.ts';
import { askFilled, filled, type Values } from './places.ts';
import type { ScenarioSeen } from './seen.ts';

/** Follows the steps up to the first that does not go as declared. */
export async function askScenario(
  { steps, token }: ScenarioDeclared,
  reach: Reach,
): Promise<ScenarioSeen> {
  const values = new Map<string, unknown>();
  const seen: ScenarioSeen['steps'][number][] = [];
  for (const step of steps) {
    const done =
      'restart' in step
        ? { step: 'restart of the pods', status: null, problem: await reach.restart() }
        : await askStep(step, token, values, reach.asking());
    seen.push(done);
    if (done.problem !== null) break;
  }
  return { planned: steps.length, steps: seen };
}

async function askStep(
  declared: ScenarioRequest,
  token: string | undefined,
  values: Map<string, unknown>,
  asking: Asking,
): Promise<ScenarioSeen['steps'][number]> {
  const { path, method = 'GET', body, headers = {} } = declared;
  const step = `${method} ${path}`;
  const answer = await askFilled(asking, { path, method, body, headers, token }, values);
  const problem = problemOf(declared, values, answer) ?? keep(declared, values, answer);
  return { step, status: answer.status, problem };
}

/** What is not as declared, in words; null when all is. */
function problemOf(
  { status, match, json = {} }: ScenarioRequest,
  values: Values,
  answer: HttpAnswer,
): string | null {
  if (answer.status === null) return `no answer: ${answer.error ?? 'unknown'}`;
  if (status === undefined ? !isGood(answer.status) : status !== answer.status) {
    return `answers ${answer.status} instead of ${status ?? '2xx'}: ${shown(answer.body)}`;
  }
  if (match !== undefined && !matches(answer.body, match)) {
    return `the body does not match ${match}: ${shown(answer.body)}`;
  }
  const wanted = Object.entries(json);
  const body = wanted.length > 0 ? parsed(answer.body) : undefined;
  for (const [path, declared] of wanted) {
    const expected = filled(declared, values);
    const found = partAt(body, ...path.split('.'));
    if (!isSame(found, expected)) {
      return `${path} is ${shown(JSON.stringify(found) ?? 'missing')} instead of ${JSON.stringify(expected)}`;
    }
  }
  return null;
}

/** Keeps what later steps need. @returns what the answer does not have */
function keep(
  { keep: wanted = {} }: ScenarioRequest,
  values: Map<string, unknown>,
  { body }: HttpAnswer,
): string | null {
  for (const [name, path] of Object.entries(wanted)) {
    const value = partAt(parsed(body), ...path.split('.'));
    if (value === undefined) return `the answer has no ${path} to keep as ${name}`;
    values.set(name, value);
  }
  return null;
}

/** Null asks for what is not there, or is null. */
function isSame(found: unknown, expected: unknown): boolean {
  if (expected === null) return found === undefined || found === null;
  if (isRecord(expected) || Array.isArray(expected)) {
    return JSON.stringify(found) === JSON.stringify(expected);
  }
  return found === expected || (found !== undefined && String(found) === String(expected));
}

const shown = (text: string): string => text.replaceAll(/\s+/g, ' ').slice(0, 200) || 'nothing';
