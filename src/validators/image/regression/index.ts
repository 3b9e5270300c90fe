import type { Check } from '../../../core/check.ts';
import type { Draft, Location } from '../../../core/finding.ts';
import { splitVariable } from '../config.ts';
import { commandOf } from '../executable.ts';
import { type Image, requireContent } from '../image.ts';
import { bytesText, shareOf } from '../options.ts';
import { configLocation, fileLocation, recipe } from '../places.ts';
import { rightsOf } from '../rights.ts';
import { resolveUser } from '../user.ts';
import { packageDrafts, packageMessages } from './packages.ts';

const id = 'image/regression';

/** How much an image may grow, and by how many bytes at least for it to matter. */
const usualGrowth = 0.2;
const leastGrowth = 5e6;

const config = { User: '10001', ExposedPorts: { '8080/tcp': {} } };
const earlier = { config, layers: [] };

/** What is new since the release before. Runs where one is named alone. */
export const check: Check<Image> = {
  id,
  title: 'The image asks for no more than the release before',
  severity: 'info',
  // Whoever names a release to compare with asks for it; nobody else is told that there is none.
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'A release that runs as another user, opens another port, brings a setuid program or doubles in size is another thing to run. Whoever releases it should know, and so should whoever has to go back.',
    messages: {
      grown:
        'the image has {{now}} to pull, and the release before had {{before}} ({{percent}} % more)',
      'became-root': 'the image runs as root, and the release before as uid {{before}}',
      user: 'the image runs as uid {{now}}, and the release before as {{before}}: files it left behind belong to that one',
      'new-rights':
        '{{path}} gives rights to whoever starts it ({{what}}), and did not in the release before',
      platform: 'the image is for {{now}}, and the release before for {{before}}',
      entrypoint: 'the image starts {{now}}, and the release before {{before}}',
      'working-directory':
        'the working directory is {{now}}, and in the release before it was {{before}}',
      'stop-signal': 'the stop signal is {{now}}, and in the release before it was {{before}}',
      'health-check': 'the release before had a health check, and this image has none',
      'new-port': 'the image exposes {{name}}, and the release before did not',
      'lost-port': 'the release before exposed {{name}}, and this image does not',
      'new-volume': 'the image declares the volume {{name}}, and the release before did not',
      'lost-volume': 'the release before declared the volume {{name}}, and this image does not',
      'new-variable': 'the image sets {{name}}, and the release before did not',
      'lost-variable': 'the release before set {{name}}, and this image does not',
      ...packageMessages,
    },
    remediation:
      'Say in the notes of the release what changed on purpose, and mend the rest before it goes out.',
    options: { growth: 'share by which the bytes to pull may grow; 0.2 when not given' },
    bad: {
      language: 'image-recipe',
      text: recipe({ config: { ...config, User: '0' }, layers: [], earlier }),
      findings: [{ messageId: 'became-root' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: [], earlier }),
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/config.md#properties'],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const { earlier } = target;
    if (!earlier) {
      context.skip('no image to compare with was named (`--against`, or `against` of a service)');
      return [];
    }
    requireContent({ ...context, target: earlier });
    return [
      ...sizeDrafts(target, earlier, shareOf(id, options, 'growth') ?? usualGrowth),
      ...userDrafts(target, earlier),
      ...rightsDrafts(target, earlier),
      ...fieldDrafts(target, earlier),
      ...listDrafts(target, earlier),
      ...packageDrafts(target, earlier, context.notExamined),
    ];
  },
};

function sizeDrafts(image: Image, earlier: Image, growth: number): Draft[] {
  const [now, before] = [image, earlier].map(({ layers }) =>
    layers.reduce((sum, { size }) => sum + size, 0),
  ) as [number, number];
  if (now - before < leastGrowth || now <= before * (1 + growth)) return [];
  const percent = before === 0 ? '∞' : Math.round((100 * (now - before)) / before);
  const data = { now: bytesText(now), before: bytesText(before), percent };
  return [{ messageId: 'grown', severity: 'warning', data, location: { file: image.name } }];
}

function userDrafts(image: Image, earlier: Image): Draft[] {
  const [now, before] = [image, earlier].map(
    (one) => resolveUser(one, one.config?.user ?? '')?.uid,
  );
  // That there is no such user is the finding of image/non-root.
  if (now === undefined || before === undefined || now === before) return [];
  const location = configLocation(image, 'config.User');
  return now === 0
    ? [{ messageId: 'became-root', severity: 'error', data: { before }, location }]
    : [{ messageId: 'user', severity: 'warning', data: { now, before }, location }];
}

function rightsDrafts(image: Image, earlier: Image): Draft[] {
  const known = new Set(
    [...earlier.filesystem.nodes()].flatMap((node) => {
      const rights = rightsOf(node.entry);
      return rights ? [`${node.path}\0${rights.messageId}`] : [];
    }),
  );
  return [...image.filesystem.nodes()].flatMap((node): Draft[] => {
    const rights = rightsOf(node.entry);
    if (!rights || known.has(`${node.path}\0${rights.messageId}`)) return [];
    return [
      {
        messageId: 'new-rights',
        severity: 'error',
        data: { path: `/${node.path}`, what: rights.messageId },
        location: fileLocation(image, node),
      },
    ];
  });
}

function fieldDrafts(image: Image, earlier: Image): Draft[] {
  const [now, before] = [image.config, earlier.config];
  if (!now || !before) return [];
  const changed = (
    messageId: string,
    path: string,
    [a, b]: readonly [string, string],
    severity?: Draft['severity'],
  ): Draft[] =>
    a === b
      ? []
      : [
          {
            messageId,
            ...(severity && { severity }),
            data: { now: a, before: b },
            location: configLocation(image, path),
          },
        ];
  const lostHealth = before.healthcheck !== null && now.healthcheck === null;
  return [
    ...changed(
      'platform',
      'architecture',
      [`${now.os}/${now.architecture}`, `${before.os}/${before.architecture}`],
      'error',
    ),
    // Arguments may hold credentials, so only the program is named.
    ...changed('entrypoint', now.entrypoint.length > 0 ? 'config.Entrypoint' : 'config.Cmd', [
      commandOf(now)[0] ?? 'nothing',
      commandOf(before)[0] ?? 'nothing',
    ]),
    ...changed('working-directory', 'config.WorkingDir', [now.workingDir, before.workingDir]),
    ...changed(
      'stop-signal',
      'config.StopSignal',
      [now.stopSignal || 'SIGTERM', before.stopSignal || 'SIGTERM'],
      'warning',
    ),
    ...(lostHealth
      ? [
          {
            messageId: 'health-check',
            severity: 'warning' as const,
            location: configLocation(image, 'config.Healthcheck'),
          },
        ]
      : []),
  ];
}

function listDrafts(image: Image, earlier: Image): Draft[] {
  const [now, before] = [image.config, earlier.config];
  if (!now || !before) return [];
  const variables = (env: readonly string[]) => env.map((one) => splitVariable(one)[0]);
  const lists = [
    ['port', 'config.ExposedPorts', now.exposedPorts, before.exposedPorts],
    ['volume', 'config.Volumes', now.volumes, before.volumes],
    ['variable', 'config.Env', variables(now.env), variables(before.env)],
  ] as const;
  return lists.flatMap(([what, path, present, past]) => [
    ...missingFrom(past, present).map((name) =>
      listDraft(`new-${what}`, name, configLocation(image, path, name.split('/', 1)[0])),
    ),
    ...missingFrom(present, past).map((name) =>
      listDraft(`lost-${what}`, name, { file: image.name, path }),
    ),
  ]);
}

function missingFrom(known: readonly string[], names: readonly string[]): string[] {
  return [...new Set(names)].filter((name) => !known.includes(name));
}

function listDraft(messageId: string, name: string, location: Location): Draft {
  return { messageId, data: { name: name.slice(0, 200) }, location };
}
