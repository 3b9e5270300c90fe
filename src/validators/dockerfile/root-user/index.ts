import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, lastStage, lineage, ofKeyword } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';
import { rootAccountsIn } from '../root-accounts.ts';

/**
 * The user of the last stage. A user of another name is root, too, when a RUN gives it the uid 0. Without a USER the base
 * image decides, which `image/non-root` sees in the image.
 */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/root-user',
  title: 'The image runs as another user than root',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A process of root that is taken over owns every file of the container, and the node where the kernel has a hole.',
    messages: {
      root: 'the image runs as {{user}}, which is root',
      'root-by-name': 'the image runs as {{user}}, which line {{line}} gives the uid 0',
      account: 'the user {{user}} gets the uid 0 and is root',
    },
    remediation: 'Add a user with a uid of its own and end the file with USER and its number.',
    bad: {
      language: 'dockerfile',
      text: "FROM alpine:3.22\nRUN printf 'app:x:0:0::/app:/sbin/nologin\\n' >> /etc/passwd\nUSER app\n",
      findings: [
        { messageId: 'account', line: 2, column: 1 },
        { messageId: 'root-by-name', line: 3, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nUSER root\nRUN adduser -D -u 10001 app\nUSER 10001:10001\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/build/building/best-practices/#user',
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    ],
  },
  run({ target }) {
    const stages = lineage(lastStage(target));
    const runs = stages.flatMap(({ instructions }) => ofKeyword(instructions, 'RUN'));
    const accounts = runs.flatMap((run) => rootAccountsIn(run).map((user) => ({ user, run })));
    const last = stages.flatMap(({ instructions }) => ofKeyword(instructions, 'USER')).at(-1);
    return [
      ...accounts.map(({ user, run }) => draftAt(target, run.place, 'account', { user })),
      ...(last ? ofUser(target, last, accounts) : []),
    ];
  },
};

function ofUser(
  target: Dockerfile,
  { body, place }: Instruction,
  accounts: readonly { readonly user: string; readonly run: Instruction }[],
): Draft[] {
  const user = body.text.replaceAll(/["']/g, '');
  const [name = ''] = user.split(':');
  if (name === 'root' || /^0+$/.test(name)) return [draftAt(target, place, 'root', { user })];
  const made = accounts.findLast((one) => one.user === name);
  if (!made) return [];
  const line = made.run.place.line;
  return [draftAt(target, place, 'root-by-name', { user, line })];
}
