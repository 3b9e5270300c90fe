import { describe, expect, it } from 'vitest';
import { healthyPlan } from '../rollback/rules/healthy-plan.ts';
import { planWith } from '../rollback/rules/testing.ts';
import { requireFresh } from './rollback-approval.ts';

/** As a kept run gives it back. */
const record = (part: unknown): unknown => JSON.parse(JSON.stringify(planWith(part)));
const { decision, takenAt } = healthyPlan;
const at = (minutes: number) => new Date(Date.parse(takenAt) + minutes * 60_000);
const changed = planWith({ decision: `sha256:${'f'.repeat(64)}`, keepSchema: true });

describe('an agreement by digest', () => {
  it('holds for ten minutes', () => {
    expect(() => requireFresh(healthyPlan, decision, [record({})], at(10))).not.toThrow();
    const late = () => requireFresh(healthyPlan, decision, [record({})], at(10.1));
    expect(late).toThrow('more than 10 minutes ago');
    expect(late).toThrow(expect.objectContaining({ code: 'plan-stale', exit: 4 }));
  });

  it('holds for what was read, and names what is different', () => {
    expect(() => requireFresh(changed, decision, [record({})], at(1))).toThrow(
      'changed since the dry run agreed to: --keep-schema',
    );
  });

  it('needs a dry run, not a digest alone nor what was done already', () => {
    expect(() => requireFresh(healthyPlan, decision, [], at(1))).toThrow(
      'no dry run of that digest',
    );
    const done = record({ executions: [{}] });
    expect(() => requireFresh(healthyPlan, decision, [done], at(1))).toThrow('no dry run');
    expect(() => requireFresh(healthyPlan, 'yes', [record({})], at(1))).toThrow(
      'expected the digest',
    );
  });
});
