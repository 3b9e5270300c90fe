import { type Context, createContext, Script } from 'node:vm';

let script: Script | undefined;
let context: Context | undefined;

/**
 * Whether a pattern that somebody else wrote fits. Patterns of Go take linear time there and may take for ever
 * here, so the engine is stopped.
 * @param patience milliseconds; Go would take microseconds
 * @returns undefined when it did not come to an answer, in time or with the room there is for going back
 */
export function fitsInTime(pattern: RegExp, text: string, patience: number): boolean | undefined {
  script ??= new Script('pattern.test(text)');
  context ??= createContext({});
  Object.assign(context, { pattern, text });
  try {
    return script.runInContext(context, { timeout: patience }) === true;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    // It is an error of the other context, and no instance of this one's.
    const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : '';
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
