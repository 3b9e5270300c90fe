import { describe, expect, it } from 'vitest';
import { checks } from '../../registry.ts';
import { allCounterparts, counterpartsOf, type ManifestPeer, peerChecks } from './checks.ts';

const peers = ['dockle', 'kube-linter', 'kube-score', 'polaris'] as const satisfies ManifestPeer[];

describe.each(peers)('the checks of %s', (peer) => {
  const entries = Object.entries(peerChecks[peer]);
  const rules = new Map(checks.map((rule) => [rule.id, rule]));

  it('stand for rules that there are, which look at what the tool looks at', () => {
    const targets = entries.flatMap(([, counterparts]) => counterparts.map(({ rule }) => rule));
    expect(targets.length).toBeGreaterThan(5);
    const kind = peer === 'dockle' ? 'image' : 'manifestSet';
    expect(targets.filter((rule) => rules.get(rule)?.appliesTo !== kind)).toEqual([]);
  });

  it('are in order, so that one is found', () => {
    const names = entries.map(([name]) => name.toLowerCase());
    expect(names).toEqual(names.toSorted());
  });

  it('are told apart from those that there are not', () => {
    expect(counterpartsOf(peer, 'constructor')).toBeUndefined();
    expect(entries.some(([, counterparts]) => counterparts.length === 0)).toBe(true);
  });

  it('have all counterparts together, but for what is to be named', () => {
    expect(allCounterparts(peer).map(({ rule }) => rule)).not.toContain('manifest/schema');
    expect(allCounterparts(peer).length).toBeGreaterThan(5);
  });
});
