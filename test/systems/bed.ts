import { type Bed, createBed } from '../../scripts/testbed/bed.ts';
import type { PartEnvironment, PartName } from '../../scripts/testbed/part.ts';
import { Problem } from '../../scripts/testbed/problem.ts';
import { bringUp } from '../../scripts/testbed/up.ts';
import { missing } from './missing.ts';

/** The names of what {@link systems} gives: variables of the parts asked for. */
export type Variables = (name: string) => string;

/** The bed of this run; `test/global-systems.ts` chose it. */
export const bedOfRun = (): Bed => createBed(Number(process.env.DEPLOYCHECK_TESTBED ?? 0));

/**
 * Makes sure the named systems run, and gives their variables: those of the environment where it
 * names systems of its own. Call it at the top of a test file:
 *
 *     const bed = await systems('kubernetes', 'registry');
 *     describe.skipIf(!bed)('…', () => { … bed('KUBECONFIG') … });
 *
 * A system that cannot be had fails in CI; elsewhere it is a loud skip, and undefined is returned.
 */
export async function systems(...names: PartName[]): Promise<Variables | undefined> {
  let environment: PartEnvironment;
  try {
    environment = await bringUp(bedOfRun(), names, {
      say: (line) => process.stderr.write(`testbed: ${line}\n`),
      owner: process.env.DEPLOYCHECK_TESTBED_OWNER,
    });
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    missing(`${names.join(', ')} (${error.message})`);
    return undefined;
  }
  return (name) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`${names.join(', ')} give no ${name}`);
    return value;
  };
}
