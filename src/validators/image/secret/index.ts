import type { Check } from '../../../core/check.ts';
import { scanMessages } from '../../secret/drafts.ts';
import { examplePassword } from '../../secret/example-password.ts';
import type { Image } from '../image.ts';
import { recipe } from '../places.ts';

const settings = {
  path: 'app/.env',
  content: `DATABASE_URL=postgres://shop:${examplePassword}@db.shop.svc:5432/shop\n`,
};

export const check: Check<Image> = {
  id: 'image/secret',
  title: 'No credentials in the image',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Whoever may pull the image holds every credential in it: in any layer, also a file that a later layer deletes, in the environment and in the build history.',
    messages: {
      ...scanMessages,
      'literal-by-name':
        '{{place}} sets {{name}} to a literal value, and the name says it is a secret',
    },
    remediation:
      'Revoke the credential first, because every copy of the image keeps it; then pass it at build time with `RUN --mount=type=secret` and at run time from outside.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: { Env: ['PATH=/bin'] },
        layers: [[settings], [{ path: 'app/.wh..env' }]],
      }),
      findings: [{ messageId: 'secret' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({
        config: { Env: ['PATH=/bin', 'DB_PASSWORD_FILE=/run/secrets/db'] },
        layers: [[{ ...settings, content: 'DATABASE_URL=postgres://db.shop.svc:5432/shop\n' }]],
      }),
      findings: [],
    },
    references: [
      'https://docs.docker.com/build/building/secrets/',
      'https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/',
      'https://github.com/opencontainers/image-spec/blob/main/layer.md#whiteouts',
    ],
    waivable: false,
  },
  async run(context) {
    // The scanner's tables are built by whoever runs the rule, not by whoever lists it.
    const { leaksOf } = await import('./leaks.ts');
    return leaksOf(context);
  },
};
