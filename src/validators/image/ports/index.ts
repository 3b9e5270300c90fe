import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Image, requireConfig } from '../image.ts';
import { textsOf } from '../options.ts';
import { configLocation, recipe } from '../places.ts';
import { resolveUser } from '../user.ts';

const id = 'image/ports';

/** Option `expected`: the ports that the image has to expose, and no others. */
export const check: Check<Image> = {
  id,
  title: 'The image exposes the ports it should',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Exposed ports say what a container listens on; tools publish and open them. A shell into the container, or a port that nobody expected, is a way in.',
    messages: {
      invalid: 'the exposed port {{port}} is none: a number from 1 to 65535 and tcp, udp or sctp',
      ssh: 'the image exposes {{port}}, the port of SSH',
      privileged:
        'the image exposes {{port}}, and uid {{uid}} may not listen below 1024 where the runtime does not allow it',
      unexpected: 'the image exposes {{port}}, which is not among the ports it is expected to',
      missing: 'the image does not expose {{port}}, which it is expected to',
    },
    remediation:
      'Expose what the service listens on, above 1024, and reach into containers with exec.',
    options: { expected: 'ports as `8080` or `53/udp`; all of them and no others are exposed' },
    bad: {
      language: 'image-recipe',
      text: recipe({ config: { ExposedPorts: { '22/tcp': {}, '8080/tcp': {} } }, layers: [] }),
      findings: [{ messageId: 'ssh' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config: { ExposedPorts: { '8080/tcp': {} } }, layers: [] }),
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#expose'],
  },
  run(context) {
    const { target, options } = context;
    const { exposedPorts, user } = requireConfig(context);
    const expected = textsOf(id, options, 'expected')?.map(full);
    const drafts: Omit<Draft, 'location'>[] = exposedPorts.flatMap((written) => {
      const port = full(written);
      const data = { port };
      const number = numberOf(port);
      if (number === undefined) return [{ messageId: 'invalid', severity: 'error', data }];
      if (expected && !expected.includes(port)) {
        return [{ messageId: 'unexpected', severity: 'error', data }];
      }
      if (port === '22/tcp') return expected ? [] : [{ messageId: 'ssh', data }];
      const uid = target.damage.length === 0 ? resolveUser(target, user)?.uid : undefined;
      return number < 1024 && uid !== undefined && uid !== 0
        ? [{ messageId: 'privileged', severity: 'info', data: { port, uid } }]
        : [];
    });
    const present = new Set(exposedPorts.map(full));
    const missing = (expected ?? []).filter((port) => !present.has(port));
    return [
      ...drafts,
      ...missing.map((port) => ({
        messageId: 'missing',
        severity: 'error' as const,
        data: { port },
      })),
    ].map((draft) => ({
      ...draft,
      location: configLocation(
        target,
        'config.ExposedPorts',
        String(draft.data?.port ?? '').split('/', 1)[0],
      ),
    }));
  },
};

/** `80` means `80/tcp`. */
function full(port: string): string {
  return port.includes('/') ? port.toLowerCase() : `${port}/tcp`;
}

function numberOf(port: string): number | undefined {
  const number = Number(/^(\d{1,5})\/(?:tcp|udp|sctp)$/.exec(port)?.[1]);
  return number >= 1 && number <= 65_535 ? number : undefined;
}
