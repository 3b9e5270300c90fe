import type { Check } from '../../core/check.ts';
import { runChecks } from '../../core/engine.ts';
import { mend } from '../mending.ts';
import type { Dockerfile } from './dockerfile.ts';
import { readDockerfile } from './read.ts';

export const dockerfileOf = (text: string): Dockerfile =>
  readDockerfile('Dockerfile', Buffer.from(text));

/** `messageId line:column` of what a rule finds, in order. */
export async function seen(
  check: Check<Dockerfile>,
  text: string | Dockerfile,
  options: Readonly<Record<string, unknown>> = {},
): Promise<string[]> {
  const { findings } = await examine(check, text, options);
  return findings.map(
    ({ messageId, location: { line, column } }) => `${messageId} ${line}:${column}`,
  );
}

export function examine(
  check: Check<Dockerfile>,
  text: string | Dockerfile,
  options: Readonly<Record<string, unknown>> = {},
) {
  return runChecks({
    // The engine hands a check only targets of the kind it applies to.
    checks: [check as unknown as Check],
    targets: [typeof text === 'string' ? dockerfileOf(text) : text],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('these rules leave no evidence')) },
    settings: { [check.id]: { options } },
  });
}

/** A text after the fixes of a rule were made. */
export async function mended(check: Check<Dockerfile>, text: string): Promise<string> {
  const judge = async (form: string) => (await examine(check, form)).findings;
  return (await mend(text, judge)).text;
}
