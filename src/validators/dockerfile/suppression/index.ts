import type { Check } from '../../../core/check.ts';
import { problemsOf } from '../../suppressions/problems.ts';
import { writtenInDockerfile } from '../../suppressions/written-in-dockerfile.ts';
import type { Dockerfile } from '../dockerfile.ts';

/** What comments that accept findings say wrong by themselves; that they cover nothing says manifest/suppression. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/suppression',
  title: 'Suppressions in Dockerfiles hold and have a reason',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A suppression that is misspelt, without a reason or out of date hides nothing while people believe that it does.',
    messages: {
      malformed: '{{what}} cannot be read, so nothing is suppressed: it has to be {{form}}',
      'no-reason': '{{what}} for {{rule}} gives no reason, so nothing is suppressed',
      'bad-date': '{{what}} for {{rule}} ends "until {{date}}", which is no day such as 2027-01-31',
      'unknown-rule': '{{what}} is for {{rule}}, and there is no such rule{{hint}}',
      never: '{{what}} is for {{rule}}, whose findings nothing can suppress',
      expired: '{{what}} for {{rule}} ended with {{until}}',
    },
    remediation:
      'Name the rule as `deploycheck rules list` does and say why. docs/guides/suppressions.md has the grammar.',
    bad: {
      language: 'dockerfile',
      text: '# deploycheck-ignore dockerfile/base-image-tags -- the vendor has no other\nFROM vendor/app\n# deploycheck-ignore dockerfile/sudo\nRUN sudo true\n',
      findings: [
        { messageId: 'unknown-rule', line: 1, column: 1 },
        { messageId: 'no-reason', line: 3, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: '# deploycheck-ignore dockerfile/base-image-tag -- the vendor has no other until 2099-01-31\nFROM vendor/app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#format'],
  },
  async run({ target, clock }) {
    // The registry lists this rule, too.
    const { checks } = await import('../../registry.ts');
    const own = checks.filter(({ appliesTo }) => appliesTo === 'dockerfile');
    const rules = new Map(own.map((rule) => [rule.id, rule]));
    const { suppressions, drafts } = writtenInDockerfile(target);
    const now = clock.now();
    return [...suppressions.flatMap((one) => problemsOf(one, rules, now)), ...drafts];
  },
};
