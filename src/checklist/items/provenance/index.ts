import type { InputRecord } from '../../../core/record.ts';
import type { Target } from '../../../core/target.ts';
import { type ImageEvidence, trusted } from '../../../validators/supply-chain/evidence.ts';
import { type Item, type ItemContext, type ItemResult, pending } from '../../item.ts';
import { sumUp } from '../../summed.ts';

/** What runs was built and tested from the commit it claims, and others looked at it. */
export const item: Item = {
  n: 2,
  id: 'provenance',
  title: 'Built and tested from this commit',
  critical: true,
  looksAt: ['imageEvidence'],
  async run(context) {
    const commit = await context.targets.commit();
    const unread = `CI result and coverage of ${named(commit)} are not read by this version`;
    const gap = await gapIn(context);
    const summed = await sumUp(context, 'provenance', item.looksAt);
    if (summed.status !== 'pass') return missing(summed, gap);
    const rest = gap === undefined ? unread : `${gap}; ${unread}`;
    return { ...pending('evidence', `${summed.reason}; ${rest}`), evidence: summed.evidence };
  },
};

/** Where nothing is given, what to give is said for every service that lacks it. */
function missing(summed: ItemResult, gap: string | undefined): ItemResult {
  if (summed.status !== 'pending' || gap === undefined) return summed;
  return { ...summed, pendingOn: 'evidence', reason: gap };
}

/** The images that nobody scanned, or whose content nobody listed; undefined when there are none. */
async function gapIn({ targets }: ItemContext): Promise<string | undefined> {
  const images = await targets.load('image');
  const evidence = (await targets.load('imageEvidence')).flatMap(({ target }) =>
    isEvidence(target) ? [target] : [],
  );
  const lacking = (what: 'vulnerabilities' | 'components') =>
    images.flatMap(({ source }) => {
      const has = evidence.some(
        (one) => one.name === source && trusted(one).some((document) => document[what] !== null),
      );
      return has ? [] : [source];
    });
  const scans = lacking('vulnerabilities');
  const boms = lacking('components');
  const parts = [
    ...(scans.length > 0 ? [`no vulnerability scan of ${scans.join(', ')}`] : []),
    ...(boms.length > 0 ? [`no bill of materials of ${boms.join(', ')}`] : []),
  ];
  return parts.length > 0
    ? `${parts.join('; ')}; name the files under services[].evidence`
    : undefined;
}

function isEvidence(target: Target | undefined): target is ImageEvidence {
  return target?.kind === 'imageEvidence';
}

function named(commit: InputRecord | undefined): string {
  return commit
    ? `commit ${commit.digest.split(':')[1]?.slice(0, 12)}`
    : 'the commit (git knows none here)';
}
