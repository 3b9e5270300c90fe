import type { Check, CheckContext } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireConfig, requireContent } from '../image.ts';
import { configLocation, recipe } from '../places.ts';
import { resolveUser } from '../user.ts';

const passwd = (uid: number) => [
  [{ path: 'etc/passwd', content: `root:x:0:0::/root:/bin/sh\napp:x:${uid}:${uid}::/:/bin/sh\n` }],
];

export const check: Check<Image> = {
  id: 'image/non-root',
  title: 'The image does not run as root',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A process that breaks out of its container keeps its user id: as root it has the node. Kubernetes refuses to start such an image where `runAsNonRoot` is set.',
    messages: {
      'user-unset': 'the image sets no user, so it runs as root',
      'user-root': 'the image runs as {{user}}, which is root',
      'user-maps-to-root':
        'the user {{user}} has the uid 0 in the image’s /etc/passwd, so it is root',
      'user-unknown':
        'the user {{user}} is not in the image’s /etc/passwd, so no container can start',
      'group-unknown':
        'the group of {{user}} is not in the image’s /etc/group, so no container can start',
      'user-by-name':
        'the user {{user}} is given by name, which Kubernetes cannot check against runAsNonRoot; its uid is {{uid}}',
    },
    remediation: 'Create a user in the Dockerfile and select it by number: `USER 10001:10001`.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config: { User: 'app' }, layers: passwd(0) }),
      findings: [{ messageId: 'user-maps-to-root' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { User: '10001' }, layers: passwd(10001) }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/config.md#properties',
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted',
    ],
  },
  run(context) {
    const { user } = requireConfig(context);
    const draft = examine(context, user.trim());
    return draft ? [{ ...draft, location: configLocation(context.target, 'config.User') }] : [];
  },
};

function examine(context: CheckContext<Image>, user: string): Omit<Draft, 'location'> | undefined {
  if (user === '') return { messageId: 'user-unset' };
  const name = user.split(':', 1)[0] ?? '';
  const data = { user };
  if (name === '' || name === 'root' || /^[+-]?0+$/.test(name))
    return { messageId: 'user-root', data };
  // From here on /etc/passwd decides, which a damaged layer may have held.
  requireContent(context);
  const resolved = resolveUser(context.target, user);
  if (!resolved) return { messageId: 'user-unknown', data };
  if (resolved.uid === 0) return { messageId: 'user-maps-to-root', data };
  if (resolved.gid === undefined) return { messageId: 'group-unknown', data };
  return /^\d+$/.test(name)
    ? undefined
    : { messageId: 'user-by-name', severity: 'info', data: { user, uid: resolved.uid } };
}
