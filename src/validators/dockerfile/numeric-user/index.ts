import type { Check } from '../../../core/check.ts';
import { type Dockerfile, lastStage, lineage, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/numeric-user',
  title: 'The user is a number',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Kubernetes cannot tell that a user with a name is not root, so a pod with runAsNonRoot does not start.',
    messages: { name: 'the image runs as the user {{user}}, and a name may be root' },
    remediation: 'End the file with USER and the number of the user, such as USER 10001.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nUSER app\n',
      findings: [{ messageId: 'name', line: 2, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nUSER 10001:10001\n',
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
      'https://github.com/hadolint/hadolint/wiki/DL3066',
    ],
  },
  run({ target }) {
    const stages = lineage(lastStage(target));
    const last = stages.flatMap(({ instructions }) => ofKeyword(instructions, 'USER')).at(-1);
    if (!last) return [];
    const [user = ''] = last.body.text.replaceAll(/["']/g, '').split(':');
    if (/^\d+$/.test(user) || user.includes('$') || user === '') return [];
    return [draftAt(target, last.body.place(0), 'name', { user })];
  },
};
