import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Check, Example } from '../core/check.ts';
import { runChecks } from '../core/engine.ts';
import { itemIds } from '../core/item.ts';
import { packageFile } from '../core/package-root.ts';
import type { Target } from '../core/target.ts';
import { targetOfExample as dockerfileOf } from './dockerfile/examples.ts';
import { targetOfExample as imageOf } from './image/examples.ts';
import { targetOfExample as manifestSetOf } from './manifest/examples.ts';
import { checks } from './registry.ts';
import { targetOfExample as containerOf } from './runtime/examples.ts';
import { targetOfExample as fileSetOf } from './secret/examples.ts';
import { targetOfExample as evidenceOf } from './supply-chain/examples.ts';

/** The proof that every rule is whole: folder, tests, page, and examples that do what they say. */
const targetOf = {
  yaml: manifestSetOf,
  'image-recipe': imageOf,
  text: fileSetOf,
  observation: containerOf,
  evidence: evidenceOf,
  dockerfile: dockerfileOf,
} as const satisfies Record<
  Example['language'],
  (example: Example, kind: string) => Promise<Target>
>;

async function examine(check: Check, example: Example) {
  return runChecks({
    checks: [check],
    targets: [await targetOf[example.language](example, check.appliesTo)],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('an example leaves no evidence')) },
    settings: { [check.id]: { options: example.options ?? {} } },
  });
}

it('has every rule once', () => {
  expect(new Set(checks.map((check) => check.id)).size).toBe(checks.length);
});

describe.each(checks.map((check) => ({ id: check.id, check })))('$id', ({ id, check }) => {
  it('has a folder of its name, tests beside it, and a page', () => {
    expect(existsSync(packageFile(`src/validators/${id}/index.ts`))).toBe(true);
    expect(existsSync(packageFile(`src/validators/${id}/index.test.ts`))).toBe(true);
    expect(existsSync(packageFile(`docs/rules/${id}.md`))).toBe(true);
  });

  it('says why it exists, how to mend, and on what it stands', () => {
    const { why, remediation, references } = check.meta;
    expect(why.length).toBeGreaterThan(20);
    expect(remediation.length).toBeGreaterThan(20);
    expect(references.length).toBeGreaterThan(0);
    expect(references.every((reference) => URL.parse(reference)?.protocol === 'https:')).toBe(true);
    expect(itemIds).toContain(check.item);
  });

  it.each(['bad', 'good'] as const)('finds in its %s example what it promises', async (kind) => {
    const example = check.meta[kind];
    const { findings, outcomes } = await examine(check, example);
    const seen = findings.map(({ messageId, location: { line, column } }, at) => {
      const promised = example.findings[at];
      return promised?.line === undefined ? { messageId } : { messageId, line, column };
    });
    expect(seen).toEqual(example.findings);
    expect(example.findings.length > 0).toBe(kind === 'bad');
    expect(outcomes[0]?.outcome).toBe(kind === 'bad' ? 'findings' : 'pass');
  });
});
