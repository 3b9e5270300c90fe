import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { ImageConfig } from '../../image/config.ts';
import { type Declared, declaredBy } from '../declared.ts';
import { type Dockerfile, lastStage } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';

/** An image is what its Dockerfile says; what only a build knows, such as a build argument, is not compared. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/built-image',
  title: 'The image is what the Dockerfile says',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Where the image differs from the file, it was built from another one: what was reviewed is not what runs.',
    messages: {
      user: 'the file says USER {{wanted}}, the image runs as {{found}}',
      port: 'the file exposes {{wanted}}, the image does not',
      label: 'the file sets the label {{name}} to {{wanted}}, the image has {{found}}',
      variable: 'the file sets the variable {{name}}, the image {{found}}',
      command: 'the file says {{keyword}} {{wanted}}, the image has {{found}}',
      workdir: 'the file says WORKDIR {{wanted}}, the image has {{found}}',
      'health-check': 'the file has a HEALTHCHECK, the image has none',
    },
    remediation: 'Build the image from this file, or name the file that it was built from.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nUSER 10001\nEXPOSE 8080\nENTRYPOINT ["/app"]\n',
      beside: {
        image: {
          ...{ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
          config: { User: 'root', Entrypoint: ['/app'] },
        },
      },
      findings: [
        { messageId: 'user', line: 2, column: 1 },
        { messageId: 'port', line: 3, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nUSER 10001\nEXPOSE 8080\nENTRYPOINT ["/app"]\n',
      beside: {
        image: {
          ...{ architecture: 'amd64', os: 'linux', rootfs: { type: 'layers', diff_ids: [] } },
          config: { User: '10001', Entrypoint: ['/app'], ExposedPorts: { '8080/tcp': {} } },
        },
      },
      findings: [],
    },
    references: ['https://github.com/opencontainers/image-spec/blob/main/config.md'],
  },
  run({ target, notExamined, skip }) {
    const { built } = target;
    if (!built) {
      skip('no image is named beside the Dockerfile');
      return [];
    }
    if ('why' in built) {
      notExamined(`whether ${built.reference} was built from ${target.file}`, built.why);
      return [];
    }
    const last = lastStage(target);
    if (!last) return [];
    return differences(target, declaredBy(target, last), built.config);
  },
};

function differences(target: Dockerfile, declared: Declared, image: ImageConfig): Draft[] {
  const { user, workdir, ports, labels, variables, commands, healthCheck } = declared;
  const env = new Map(image.env.map((one) => [one.split('=', 1)[0] ?? '', one]));
  const exposed = new Set(image.exposedPorts.map(inFull));
  return [
    ...(user && user.value !== undefined && user.value !== image.user
      ? [draftAt(target, user.place, 'user', { wanted: user.value, found: image.user || 'root' })]
      : []),
    ...(workdir && workdir.value !== undefined && workdir.value !== image.workingDir
      ? [
          draftAt(target, workdir.place, 'workdir', {
            ...{ wanted: workdir.value, found: image.workingDir },
          }),
        ]
      : []),
    ...ports
      .filter(({ value }) => value !== undefined && !exposed.has(inFull(value)))
      .map(({ value = '', place }) => draftAt(target, place, 'port', { wanted: value })),
    ...labels.flatMap(({ name, value, place }) => {
      const found = image.labels[name];
      if (found !== undefined && (value === undefined || value === found)) return [];
      const data = { name, wanted: shown(value ?? 'some value'), found: shown(found ?? 'none') };
      return [draftAt(target, place, 'label', data)];
    }),
    ...variables.flatMap(({ name, value, place }) => {
      const found = env.get(name);
      if (found !== undefined && (value === undefined || found === `${name}=${value}`)) return [];
      // Values may be secrets, so none is shown.
      const what = found === undefined ? 'does not' : 'to something else';
      return [draftAt(target, place, 'variable', { name, found: what })];
    }),
    ...commands.flatMap(({ keyword, value, place }) => {
      const has = keyword === 'CMD' ? image.cmd : image.entrypoint;
      const found = JSON.stringify(has);
      if (found === JSON.stringify(value)) return [];
      const wanted = shown(JSON.stringify(value));
      return [draftAt(target, place, 'command', { keyword, wanted, found: shown(found) })];
    }),
    ...(healthCheck && !image.healthcheck ? [draftAt(target, healthCheck, 'health-check')] : []),
  ];
}

const inFull = (port: string): string => (port.includes('/') ? port.toLowerCase() : `${port}/tcp`);
