import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';
import { linesOf, passwdOf } from '../user.ts';

const passwd = (more: string) => [
  [{ path: 'etc/passwd', content: `root:x:0:0::/root:/bin/sh\n${more}` }],
];

export const check: Check<Image> = {
  id: 'image/accounts',
  title: 'Accounts in the image have a password or a lock, and a number of their own',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'An account without a password lets anyone in the container become its user, and a second account with the uid 0 is root under another name. Two accounts with one number cannot be told apart by any permission.',
    messages: {
      'empty-password': 'the account {{name}} has an empty password',
      'another-root': 'the account {{name}} has the uid 0, so it is root',
      'shared-uid': 'the accounts {{names}} share the uid {{number}}',
      'shared-gid': 'the groups {{names}} share the gid {{number}}',
    },
    remediation:
      'Lock the account (`passwd -l`, or `!` in /etc/shadow), and give each a number of its own.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: passwd('app::10001:10001::/app:/bin/sh\n') }),
      findings: [{ messageId: 'empty-password' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: passwd('app:x:10001:10001::/app:/bin/sh\n') }),
      findings: [],
    },
    references: [
      'https://man7.org/linux/man-pages/man5/passwd.5.html',
      'https://man7.org/linux/man-pages/man5/shadow.5.html',
    ],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    const users = passwdOf(target);
    const shadow = linesOf(target, 'etc/shadow').flatMap(([name = '', password]) =>
      name !== '' && password === '' ? [name] : [],
    );
    const open = users.filter(({ password }) => password === '').map(({ name }) => name);
    const groups = linesOf(target, 'etc/group').flatMap(([name = '', , gid = '']) =>
      /^\d+$/.test(gid) ? [{ name, number: Number(gid) }] : [],
    );
    const numbers = users.map(({ name, uid }) => ({ name, number: uid }));
    return [
      ...open.map((name) => draftAt(target, 'etc/passwd', 'empty-password', { name })),
      ...shadow.map((name) => draftAt(target, 'etc/shadow', 'empty-password', { name })),
      ...users
        .filter(({ name, uid }) => uid === 0 && name !== 'root')
        .map(({ name }) => draftAt(target, 'etc/passwd', 'another-root', { name })),
      ...shared(numbers.filter(({ number }) => number !== 0)).map((data) =>
        draftAt(target, 'etc/passwd', 'shared-uid', data, 'warning'),
      ),
      ...shared(groups).map((data) => draftAt(target, 'etc/group', 'shared-gid', data, 'info')),
    ];
  },
};

function draftAt(
  image: Image,
  path: string,
  messageId: string,
  data: Draft['data'] & object,
  severity: Draft['severity'] = 'error',
): Draft {
  const file = image.filesystem.lookup(path);
  const location = file ? fileLocation(image, file) : { file: image.name };
  return { messageId, severity, data, location };
}

function shared(all: readonly { readonly name: string; readonly number: number }[]) {
  const groups = Map.groupBy(all, ({ number }) => number);
  return [...groups].flatMap(([number, same]) => {
    const names = [...new Set(same.map(({ name }) => name))];
    return names.length > 1 ? [{ number, names: names.slice(0, 10).join(', ') }] : [];
  });
}
