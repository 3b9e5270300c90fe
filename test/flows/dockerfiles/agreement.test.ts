import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import { binaryFolder } from '../../../scripts/testbed/binaries.ts';
import { readDockerfile } from '../../../src/validators/dockerfile/read.ts';
import { hadolint } from '../../../src/validators/suppressions/peers/hadolint-checks.ts';
import { corpusOf, type Sample } from './corpus.ts';
import { type Difference, reasons } from './differences.ts';
import { leading, ours, theirs, type Verdicts } from './peers.ts';

interface Judged {
  readonly sample: Sample;
  readonly own: Verdicts;
  readonly other: Verdicts;
}

let judged: readonly Judged[];
let unread: number;

beforeAll(async () => {
  const folder = await binaryFolder('hadolint', (line) => process.stderr.write(`${line}\n`));
  const samples = corpusOf(400, 1);
  const other = await theirs(join(folder, 'hadolint'), samples);
  judged = (
    await Promise.all(
      samples.map(async (sample, at) => {
        const verdicts = other[at];
        return verdicts ? [{ sample, own: await ours(sample), other: verdicts }] : [];
      }),
    )
  ).flat();
  unread = samples.length - judged.length;
}, 600_000);

const without = (one: ReadonlySet<string>, other: ReadonlySet<string>): string[] =>
  [...one].filter((said) => !other.has(said));

const differencesIn = ({ sample, own, other }: Judged): Difference[] => {
  const dockerfile = readDockerfile(sample.name, Buffer.from(sample.text));
  const apart = [
    ...without(own, other).map((said) => ({ said, side: 'ours' as const })),
    ...without(other, own).map((said) => ({ said, side: 'theirs' as const })),
  ];
  return apart.flatMap(({ said, side }) => {
    const [code = '', line] = said.split(' ');
    const instruction = dockerfile.instructions.find(({ place }) => place.line === Number(line));
    return instruction ? [{ side, code, instruction, dockerfile }] : [];
  });
};

it('reads nearly all of what hadolint reads', () => {
  // It refuses quotes in WORKDIR, legacy pairs and more that BuildKit takes.
  expect(unread / (judged.length + unread)).toBeLessThan(0.15);
});

it('agrees with hadolint on at least 95 of 100 verdicts, on every rule and file', () => {
  const asked = new Set(Object.keys(hadolint).flatMap((code) => leading(code) ?? []));
  const rules = (verdicts: Verdicts) =>
    new Set([...verdicts].map((said) => said.split(' ', 1)[0] ?? ''));
  const apart = judged.reduce(
    (sum, { own, other }) =>
      sum + without(rules(own), rules(other)).length + without(rules(other), rules(own)).length,
    0,
  );
  const verdicts = asked.size * judged.length;
  process.stderr.write(`hadolint: ${verdicts - apart} of ${verdicts} verdicts agree\n`);
  expect((verdicts - apart) / verdicts).toBeGreaterThan(0.95);
});

it('finds the same, line by line, but where a reason is written down', () => {
  const all = judged.flatMap(differencesIn);
  const said = new Set(
    judged.flatMap(({ sample, own, other }) =>
      [...new Set([...own, ...other])].map((one) => `${sample.name} ${one}`),
    ),
  );
  process.stderr.write(`hadolint: ${said.size - all.length} of ${said.size} findings agree\n`);
  const unexplained = all.filter((one) => !reasons.some(({ covers }) => covers(one)));
  expect(
    unexplained.map(
      ({ side, code, instruction: { keyword, body }, dockerfile }) =>
        `${side} ${code} ${dockerfile.name}: ${keyword} ${body.text}`,
    ),
  ).toEqual([]);
});

it('has no reason that explains nothing', () => {
  const all = judged.flatMap(differencesIn);
  expect(reasons.filter(({ covers }) => !all.some(covers)).map(({ why }) => why)).toEqual([]);
});
