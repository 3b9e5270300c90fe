import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { binaryFolder } from '../../../scripts/testbed/binaries.ts';
import { mend } from '../../../src/validators/mending.ts';
import { corpusOf } from './corpus.ts';
import { findingsIn, theirs, type Verdicts } from './peers.ts';

/** What hadolint says of a text before and after it was mended here; undefined where it cannot read it. */
interface Mended {
  readonly name: string;
  readonly old: string;
  readonly text: string;
  readonly before: Verdicts | undefined;
  readonly after: Verdicts | undefined;
}

let mended: readonly Mended[];

beforeAll(async () => {
  const folder = await binaryFolder('hadolint', (line) => process.stderr.write(`${line}\n`));
  const program = join(folder, 'hadolint');
  const pairs = await Promise.all(
    corpusOf(200, 3).map(async (sample) => {
      const { text } = await mend(sample.text, (form) => findingsIn({ ...sample, text: form }));
      return { sample, fixed: { ...sample, text } };
    }),
  );
  const changed = pairs.filter(({ sample, fixed }) => sample.text !== fixed.text);
  const before = await theirs(
    program,
    changed.map(({ sample }) => sample),
  );
  const after = await theirs(
    program,
    changed.map(({ fixed }) => fixed),
  );
  mended = changed.map(({ sample, fixed: { name, text } }, at) => ({
    ...{ name, text, old: sample.text },
    ...{ before: before[at], after: after[at] },
  }));
}, 600_000);

const countsOf = (verdicts: Verdicts): Map<string, number> =>
  new Map(
    [...Map.groupBy(verdicts, (said) => said.split(' ', 1)[0] ?? '')].map(
      ([code, all]) => [code, all.length] as const,
    ),
  );

it('leaves files that hadolint reads as before', () => {
  expect(mended.filter(({ before, after }) => before && !after)).toEqual([]);
  expect(mended.filter(({ after }) => after).length).toBeGreaterThan(100);
});

it('leaves less for hadolint to find, and nothing that it did not', () => {
  const read = mended.flatMap(({ name, text, old, before, after }) =>
    before && after ? [{ name, text, old, before: countsOf(before), after: countsOf(after) }] : [],
  );
  const sum = (side: 'before' | 'after') =>
    read.reduce((all, one) => all + [...one[side].values()].reduce((a, b) => a + b, 0), 0);
  process.stderr.write(
    `hadolint: ${sum('before')} findings in ${read.length} files, ${sum('after')} once they are mended\n`,
  );
  expect(sum('after')).toBeLessThan(sum('before') * 0.9);
  // It wants versions of what apt-get installs, and of what apt installs not.
  const isOfApt = (code: string, old: string) => code === 'DL3008' && /\bapt install/.test(old);
  const more = read.flatMap(({ text, old, before, after }) =>
    [...after].flatMap(([code, count]) =>
      count > (before.get(code) ?? 0) && !isOfApt(code, old) ? [`${code}\n${text}`] : [],
    ),
  );
  expect(more).toEqual([]);
});
