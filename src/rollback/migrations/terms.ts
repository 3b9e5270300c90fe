import type { Term } from '../estimate.ts';
import { term } from '../times.ts';
import type { MigrationPlan } from './observation.ts';

/** Seconds that the commands of the plan let a down wait for a lock. */
export const lockTimeoutSeconds = 5;

/** What the downs take, which nobody has measured: a rehearsal would. */
export function migrationTerms(plans: readonly MigrationPlan[]): Term[] {
  return plans.flatMap(({ service, state, steps }) => {
    if (state === 'unknown') {
      return [term(`${service}: migrations`, 0, 60, 3600, 'assumed', 'not known which there are')];
    }
    return steps.map(({ version, name, catalogOnly, down }) => {
      const called = `${service}: down ${version}_${name}`;
      if (down !== 'present')
        return term(called, 0, 60, 3600, 'assumed', 'there is no down to run');
      if (catalogOnly) {
        const how = `changes the catalog alone, and waits ${lockTimeoutSeconds} s for its lock at most`;
        return term(called, 0, 1, lockTimeoutSeconds + 5, 'spec', how);
      }
      return term(called, 0, 60, 3600, 'assumed', 'its time depends on the rows; never measured');
    });
  });
}
