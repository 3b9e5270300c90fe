import { handle, run, settings } from '@oclif/core';
import { packageFile } from './core/package-root.ts';

/** Starts oclif on the published commands. A parse error ends 2, as every usage error does. */
export async function main(argv: readonly string[]): Promise<void> {
  settings.enableAutoTranspile = false;
  try {
    await run([...argv], { root: packageFile('.') });
  } catch (error) {
    await handle(error instanceof Error ? error : new Error(String(error)));
  }
}
