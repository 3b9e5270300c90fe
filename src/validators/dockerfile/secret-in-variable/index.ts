import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { namesSecret } from '../secret-name.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/secret-in-variable',
  title: 'No secrets in ARG and ENV',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Whoever can pull the image reads ENV in its configuration and ARG in its history.',
    messages: {
      env: 'ENV {{name}} becomes part of the image, and its name says that it is a secret',
      arg: 'ARG {{name}} stays in the history of the image, and its name says that it is a secret',
    },
    remediation:
      'Mount it while it is needed (`RUN --mount=type=secret`), and give it to the container when it starts.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nARG NPM_TOKEN\nENV NODE_ENV=production DB_PASSWORD=$NPM_TOKEN\n',
      findings: [
        { messageId: 'arg', line: 2, column: 5 },
        { messageId: 'env', line: 3, column: 25 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nARG TOKEN_URL\nENV DB_PASSWORD_FILE=/run/secrets/db PUBLIC_KEY=abc\nRUN --mount=type=secret,id=npm,env=NPM_TOKEN npm ci\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/secrets-used-in-arg-or-env/'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ keyword }) => keyword === 'ENV' || keyword === 'ARG')
      .flatMap(({ keyword, pairs }) =>
        pairs
          // An empty value is a place that somebody fills in when the container starts.
          .filter(({ value }) => keyword === 'ARG' || value?.value !== '')
          .filter(({ name }) => namesSecret(name.value))
          .map(({ name }) =>
            draftAt(target, name.place, keyword.toLowerCase(), { name: name.value }),
          ),
      );
  },
};
