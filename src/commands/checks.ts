import { checks as ofBackups } from '../backup/rules/registry.ts';
import type { Check } from '../core/check.ts';
import { checks as ofMigrations } from '../migrations/rules/registry.ts';
import { checks as ofRollbacks } from '../rollback/rules/registry.ts';
import { checks as ofSimulations } from '../simulate/rules/registry.ts';
import { checks as ofFiles } from '../validators/registry.ts';

/** Every rule there is: of files and images, and of what the use cases observed. */
export const checks: readonly Check[] = [
  ...ofFiles,
  ...ofSimulations,
  ...ofBackups,
  ...ofMigrations,
  ...ofRollbacks,
];
