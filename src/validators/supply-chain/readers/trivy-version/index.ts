import { objectOf } from '../../../../core/json.ts';
import { nothing, type Reader } from '../../document.ts';
import { momentOf, wordOf } from '../../narrow.ts';

/**
 * `trivy version --format json`, which tells what its reports leave out: how old the database is that
 * they were made with.
 */
export const reader: Reader = {
  title: 'versions of Trivy and its database',
  recognises: (json) => objectOf(json.VulnerabilityDB) !== undefined && json.Version !== undefined,
  read: (json) => ({
    ...nothing,
    tool: `Trivy ${wordOf(json.Version) ?? ''}`.trim(),
    databaseBuiltAt: momentOf(objectOf(json.VulnerabilityDB)?.UpdatedAt),
    databaseOf: 'trivy',
  }),
};
