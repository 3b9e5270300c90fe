import type { Asking } from './asking.ts';
import type { InjectionDeclared } from './declared.ts';
import { hostileValues, leakIn } from './hostile.ts';
import { askFilled } from './places.ts';
import type { InjectionSeen } from './seen.ts';

/** Sends hostile values in the place of `{value}`, one at a time. */
export async function askInjection(
  { path, method = 'GET', body, token }: InjectionDeclared,
  asking: Asking,
): Promise<InjectionSeen> {
  const inPath = path.includes('{value}');
  const attempts: InjectionSeen['attempts'][number][] = [];
  for (const { attack, value, onlyInBody = false, sign } of hostileValues) {
    if (onlyInBody && inPath) continue;
    const values = new Map([['value', value]]);
    const answer = await askFilled(asking, { path, method, body, token }, values);
    const { status, error } = answer;
    attempts.push({
      attack,
      status,
      sign: sign(answer) ?? null,
      leak: leakIn(answer) ?? null,
      error,
    });
  }
  return { method, attempts };
}
