import { describe, expect, it } from 'vitest';
import type { Config } from '../config/load.ts';
import type { Check } from '../core/check.ts';
import { checks } from './registry.ts';
import { ruleSettings } from './settings.ts';

const settings = (rules: object) => ruleSettings({ preset: 'default', ...rules }, checks);

describe('what configuration says about rules', () => {
  it('is taken by id', () => {
    const found = settings({
      disable: ['image/labels'],
      severity: { 'image/labels': 'error' },
      options: { 'image/set-id': { allow: ['/bin/su'] } },
    });
    expect(found['image/labels']).toMatchObject({ disabled: true, severity: 'error' });
    expect(found['image/set-id']).toMatchObject({ options: { allow: ['/bin/su'] } });
  });

  it('names which rules are run', () => {
    const rule = { ...checks[0], id: 'x/default' } as Check;
    const all: readonly Check[] = [
      rule,
      { ...rule, id: 'x/recommended', preset: 'recommended' },
      { ...rule, id: 'x/strict', preset: 'strict' },
      { ...rule, id: 'x/cis', preset: 'strict', cis: ['5.2.2'] },
    ];
    const run = (rules: Pick<Config['rules'], 'preset' | 'enable' | 'disable' | 'options'>) =>
      Object.entries(ruleSettings(rules, all)).flatMap(([id, { notChosen, disabled }]) =>
        notChosen || disabled ? [] : [id],
      );
    expect(run({ preset: 'default' })).toEqual(['x/default']);
    expect(run({ preset: 'recommended' })).toEqual(['x/default', 'x/recommended']);
    expect(run({ preset: 'strict' })).toHaveLength(4);
    expect(run({ preset: 'cis' })).toEqual(['x/default', 'x/cis']);
    expect(run({ preset: 'default', enable: ['x/strict'] })).toEqual(['x/default', 'x/strict']);
    expect(run({ preset: 'default', options: { 'x/strict': {} } })).toEqual([
      'x/default',
      'x/strict',
    ]);
    expect(run({ preset: 'recommended', disable: ['x/default'] })).toEqual(['x/recommended']);
  });

  it.each([
    ['a rule that is not there', { disable: ['image/label'] }, "did you mean 'image/labels'?"],
    ['an option that is not there', { options: { 'image/set-id': { alow: [] } } }, 'it has allow'],
    ['an option where there is none', { options: { 'image/non-root': { x: 1 } } }, 'it has none'],
    [
      'a critical rule made lighter',
      { severity: { 'image/non-root': 'warning' } },
      'can only be made graver',
    ],
  ])('refuses %s', (_, rules, said) => {
    expect(() => settings(rules)).toThrow(said);
  });
});
