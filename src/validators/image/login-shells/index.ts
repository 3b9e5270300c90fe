import type { Check } from '../../../core/check.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';
import { passwdOf } from '../user.ts';

const passwd = (shell: string) => [
  [
    { path: 'etc/passwd', content: `root:x:0:0::/root:/bin/sh\nwww:x:33:33::/var/www:${shell}\n` },
    { path: 'bin/sh', mode: '0755', content: 'sh' },
  ],
];

export const check: Check<Image> = {
  id: 'image/login-shells',
  title: 'Accounts of services have no shell to log in to',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A service never logs in. A shell in its account is one step less for who comes in through it.',
    messages: { shell: 'the account {{name}} (uid {{uid}}) has the shell {{shell}}' },
    remediation: 'Give the account /usr/sbin/nologin or /bin/false.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: passwd('/bin/sh') }),
      findings: [{ messageId: 'shell' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: {}, layers: passwd('/usr/sbin/nologin') }),
      findings: [],
    },
    references: ['https://man7.org/linux/man-pages/man8/nologin.8.html'],
  },
  run(context) {
    const { target } = context;
    requireContent(context);
    const { filesystem } = target;
    const file = filesystem.lookup('etc/passwd');
    if (!file) return [];
    return passwdOf(target)
      .filter(({ uid, shell }) => uid !== 0 && /sh$/.test(shell) && filesystem.lookup(shell))
      .map(({ name, uid, shell }) => ({
        messageId: 'shell',
        data: { name, uid, shell },
        location: fileLocation(target, file),
      }));
  },
};
