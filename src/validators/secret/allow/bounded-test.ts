import { type Context, createContext, Script } from 'node:vm';

/** Milliseconds for one pattern on one text; RE2 would take microseconds. */
const patience = 200;

/** Characters of a text that a pattern of somebody else is tried on. */
const longestText = 4000;

let script: Script | undefined;
let context: Context | undefined;

/**
 * Whether a pattern that somebody else wrote fits. Patterns of RE2 take linear time there and may take for ever
 * here, so the engine is stopped.
 * @returns undefined when it did not come to an answer in time
 */
export function boundedTest(regex: RegExp, text: string): boolean | undefined {
  script ??= new Script('regex.test(text)');
  context ??= createContext({});
  Object.assign(context, { regex, text: text.slice(0, longestText) });
  try {
    return script.runInContext(context, { timeout: patience }) === true;
  } catch (error) {
    // It is an error of the other context, and no instance of this one's.
    const code = error !== null && typeof error === 'object' && 'code' in error ? error.code : '';
    if (code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return undefined;
    throw error;
  }
}
