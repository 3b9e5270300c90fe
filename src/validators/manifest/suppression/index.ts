import type { Check } from '../../../core/check.ts';
import { problemsOf, suppressionRule } from '../../suppressions/problems.ts';
import { writtenIn } from '../../suppressions/written.ts';
import type { ManifestSet } from '../load.ts';

/**
 * Suppressions say what they are for. Their own mistakes are found here; what the other rules have to be run
 * for first, such as that nothing is suppressed, is added by `suppressions/report.ts`.
 */
export const check: Check<ManifestSet> = {
  id: suppressionRule,
  title: 'Suppressions hold, have a reason and are needed',
  severity: 'error',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A suppression that is misspelt, without a reason or out of date hides nothing while people believe that it does, or goes on hiding what came later.',
    messages: {
      malformed: '{{what}} cannot be read, so nothing is suppressed: it has to be {{form}}',
      'no-reason': '{{what}} for {{rule}} gives no reason, so nothing is suppressed',
      'bad-date': '{{what}} for {{rule}} ends "until {{date}}", which is no day such as 2027-01-31',
      'unknown-rule': '{{what}} is for {{rule}}, and there is no such rule{{hint}}',
      never: '{{what}} is for {{rule}}, whose findings nothing can suppress',
      expired: '{{what}} for {{rule}} ended with {{until}}',
      unused: '{{what}} for {{rule}} suppresses nothing; remove it',
      unmatched: '{{what}} for {{rule}} fits nothing that was looked at',
      'needs-waiver':
        'what suppresses {{rules}} does not hold in a checklist: critical rules want a signed waiver',
      gone: '{{what}} has a finding of {{rule}} in {{object}} that is not there any more: {{message}}',
      'no-counterpart': 'no rule here asks what the check {{about}} of {{peer}} asks',
      'unknown-check':
        '{{peer}} has no check {{about}} built in, and checks of your own are not run here',
      'not-exempt': '{{about}} exempts nothing: {{peer}} takes no value but "true"',
      reasonless: 'findings are suppressed by what was written for {{peer}}, without a reason',
      'peer-file': 'what was written for {{peer}} cannot be read: {{problem}}',
    },
    remediation:
      'Name the rule as `deploycheck rules list` does and say why; remove what suppresses nothing. docs/guides/suppressions.md has the grammar.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    ignore.deploycheck.dev/manifest.run-as-non-root: ""
spec:
  containers:
    - name: web
      # deploycheck-ignore manifest/image-tags -- the vendor has no other
      image: registry.example/web:latest
`,
      findings: [
        { messageId: 'unknown-rule', line: 10, column: 7 },
        { messageId: 'no-reason', line: 6, column: 5 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
  annotations:
    ignore.deploycheck.dev/manifest.run-as-non-root: "binds port 80 until 2.0 is out"
spec:
  containers:
    - name: web
      # deploycheck-ignore manifest/image-tag -- the vendor has no other; until 2099-01-31
      image: registry.example/web:latest
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations/#syntax-and-character-set',
      'https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html#_Toc34317747',
    ],
  },
  async run({ target, clock }) {
    // The registry lists this rule, too.
    const { checks } = await import('../../registry.ts');
    const rules = new Map(
      checks.filter(({ appliesTo }) => appliesTo === 'manifestSet').map((rule) => [rule.id, rule]),
    );
    const { suppressions, drafts } = writtenIn(target);
    const now = clock.now();
    return [...suppressions.flatMap((one) => problemsOf(one, rules, now)), ...drafts];
  },
};
