import type { InputRecord } from '../../../core/record.ts';
import { type Item, pending } from '../../item.ts';

/** What runs was built and tested from the commit it claims. */
export const item: Item = {
  n: 2,
  id: 'provenance',
  title: 'Built and tested from this commit',
  critical: true,
  looksAt: [],
  async run({ targets }) {
    const commit = await targets.commit();
    return pending(
      'evidence',
      `CI result, coverage, SBOM and scan report of ${named(commit)} are not read by this version`,
    );
  },
};

function named(commit: InputRecord | undefined): string {
  return commit
    ? `commit ${commit.digest.split(':')[1]?.slice(0, 12)}`
    : 'the commit (git knows none here)';
}
