import { describe, expect, it } from 'vitest';
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

  it.each([
    ['a rule that is not there', { disable: ['image/label'] }, "did you mean 'image/labels'?"],
    ['an option that is not there', { options: { 'image/set-id': { alow: [] } } }, 'it has allow'],
    ['an option where there is none', { options: { 'image/labels': { x: 1 } } }, 'it has none'],
    [
      'a critical rule made lighter',
      { severity: { 'image/non-root': 'warning' } },
      'can only be made graver',
    ],
  ])('refuses %s', (_, rules, said) => {
    expect(() => settings(rules)).toThrow(said);
  });
});
