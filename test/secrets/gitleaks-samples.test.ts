import { expect, it } from 'vitest';
import { leftOutOfGitleaks } from '../../src/validators/secret/allow/gitleaks-rules.ts';
import { scanBytes } from '../../src/validators/secret/scan.ts';
import { shapes } from '../../src/validators/secret/shapes.ts';
import { missing } from '../systems/missing.ts';
import { publishedRules, type Sample } from './samples.ts';

const published = await publishedRules();
const skipped = !published && missing('the rules of gitleaks: Go is not there to fetch them');
const rules = published?.rules ?? [];
const claimed = new Map(
  shapes.flatMap(({ id, gitleaks = [] }) => gitleaks.map((rule) => [rule, id])),
);
const claimants = (rule: string) =>
  shapes.filter(({ gitleaks }) => gitleaks?.includes(rule)).map(({ id }) => id);
const found = ({ path, text }: Sample) =>
  scanBytes(text, path === '' ? {} : { path }).hits.map(({ shape }) => shape);

/** Whether a text holds a token whose header is JSON and names how it is signed. */
const isSigned = (text: string) => {
  const header = /ey[\w-]+/.exec(text)?.[0] ?? '';
  try {
    const { alg } = JSON.parse(Buffer.from(header, 'base64url').toString());
    return typeof alg === 'string' && alg !== 'none';
  } catch {
    return false;
  }
};

/** Samples that stand for a form and are none of its values. */
const noValue: Readonly<Record<string, (text: string) => boolean>> = {
  'aws-amazon-bedrock-api-key-long-lived': (text) => text.includes('EXAMPLE'),
  // Most were made by chance and decode to nothing; one says that nobody signed it.
  jwt: (text) => !isSigned(text),
};
/** Here it is another credential, of the same shape. */
const otherRule: Readonly<Record<string, (text: string) => boolean>> = {
  'anthropic-api-key': (text) => text.startsWith('sk-ant-admin01-'),
};

it.skipIf(skipped)('names every rule there is as claimed or left out, and no other', () => {
  const named = new Set([...claimed.keys(), ...leftOutOfGitleaks.keys()]);
  expect([...named].sort()).toEqual(published?.ids.toSorted());
});

it.skipIf(skipped)('finds every sample that a claimed rule is published to find', () => {
  const missed = rules
    .filter(({ rule }) => claimed.has(rule))
    .flatMap(({ rule, positive }) =>
      positive
        .filter(({ text }) => !noValue[rule]?.(text))
        .filter((sample) => found(sample).length === 0)
        .map(({ text }) => [rule, text]),
    );
  expect(missed).toEqual([]);
});

it.skipIf(skipped)(
  'stays silent on every sample that a claimed rule is published to pass over',
  () => {
    const wanted = new Set(rules.flatMap(({ positive }) => positive.map(({ text }) => text)));
    const wrong = rules.flatMap(({ rule, negative }) => {
      const own = claimants(rule);
      return negative
        .filter(({ text }) => !wanted.has(text) && !otherRule[rule]?.(text))
        .filter((sample) => found(sample).some((shape) => own.includes(shape)))
        .map(({ text }) => [rule, text]);
    });
    expect(wrong).toEqual([]);
  },
);
