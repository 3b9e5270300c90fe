import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { environmentOf, type ImageConfig } from '../config.ts';
import { commandOf, findCommand } from '../executable.ts';
import { type Image, requireContent } from '../image.ts';
import { searchLibraries } from '../libraries.ts';
import { configLocation, recipe } from '../places.ts';

const zone = { path: 'usr/share/zoneinfo/Europe/Berlin', content: 'TZif' };
const config = { Env: ['TZ=Europe/Berlin'] };

export const check: Check<Image> = {
  id: 'image/system-files',
  title: 'What programs look up in a system is there',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Without certificates of authorities every call over TLS fails, without its time zone a service silently takes UTC, and without the order of name services an old glibc passes over what Kubernetes writes into /etc/hosts. All of it only shows once it runs.',
    messages: {
      'time-zone': 'the image sets TZ to {{zone}}, and has no such time zone: the time is UTC',
      authorities:
        '{{command}} loads {{library}}, which speaks TLS, and the image has no certificates of authorities',
      'name-service':
        '{{command}} runs with glibc {{version}}, and the image has no /etc/nsswitch.conf: names are asked of DNS, and /etc/hosts counts only where no server answers',
    },
    remediation:
      'Install tzdata and ca-certificates, or copy them from a stage that has them; write `hosts: files dns` into /etc/nsswitch.conf.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers: [] }),
      findings: [{ messageId: 'time-zone' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: [[zone]] }),
      findings: [],
    },
    references: [
      'https://man7.org/linux/man-pages/man3/tzset.3.html',
      'https://docs.openssl.org/master/man7/ossl-env/',
      'https://sourceware.org/bugzilla/show_bug.cgi?id=28700',
    ],
  },
  run(context) {
    const { target } = context;
    const config = requireContent(context);
    return [
      ...zoneDrafts(target, config),
      ...authorityDrafts(target, config),
      ...nameServiceDrafts(target, config),
    ];
  },
};

/** tzset(3): a name below a folder of zones; anything else describes the zone itself. */
function zoneDrafts(image: Image, config: ImageConfig): Draft[] {
  const zone = (environmentOf(config).get('TZ') ?? '').replace(/^:/, '');
  if (!/^[A-Z]\w+(?:\/[\w+-]+){1,2}$/.test(zone) || /^Etc\/(?:UTC|GMT|Zulu|UCT)$/.test(zone))
    return [];
  const folders = ['usr/share/zoneinfo', 'usr/lib/zoneinfo', 'usr/share/lib/zoneinfo'];
  if (folders.some((folder) => image.filesystem.lookup(`${folder}/${zone}`))) return [];
  const location = configLocation(image, 'config.Env', 'TZ=');
  return [{ messageId: 'time-zone', data: { zone }, location }];
}

/** Where the libraries of the distributions look. */
const bundles = [
  'etc/ssl/certs/ca-certificates.crt',
  'etc/ssl/cert.pem',
  'etc/ssl/ca-bundle.pem',
  'etc/pki/tls/certs/ca-bundle.crt',
  'etc/pki/tls/cert.pem',
  'etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem',
  'usr/lib/ssl/cert.pem',
  'var/lib/ca-certificates/ca-bundle.pem',
];
/** What says where else they are. */
const elsewhere = ['SSL_CERT_FILE', 'SSL_CERT_DIR', 'NODE_EXTRA_CA_CERTS', 'CURL_CA_BUNDLE'];
const speaksTls = /^lib(?:ssl|gnutls|curl|mbedtls|wolfssl)[-.\w]*\.so/;

function authorityDrafts(image: Image, config: ImageConfig): Draft[] {
  const environment = environmentOf(config);
  if (bundles.some((path) => image.filesystem.lookup(path))) return [];
  if (elsewhere.some((name) => environment.has(name))) return [];
  const started = startedWith(image, config);
  const library = started?.libraries
    .map((path) => path.split('/').at(-1) ?? '')
    .find((name) => speaksTls.test(name));
  if (!started || library === undefined) return [];
  const { command, location } = started;
  return [{ messageId: 'authorities', data: { command, library }, location }];
}

/**
 * Up to 2.33 the library had its version in its name. What orders name services when no file does became `files dns`
 * in 2.35; 2.34 has both orders, as distributions took the change up.
 */
const oldGlibc = /(?:^|\/)libc-(2\.\d+)\.so$/;

/** openSUSE has its own in /usr/etc. Go needs none since 1.16, nor does musl. */
const nameServices = ['etc/nsswitch.conf', 'usr/etc/nsswitch.conf'];

function nameServiceDrafts(image: Image, config: ImageConfig): Draft[] {
  if (nameServices.some((path) => image.filesystem.lookup(path))) return [];
  const started = startedWith(image, config);
  const [version] = started?.libraries.flatMap((path) => oldGlibc.exec(path)?.[1] ?? []) ?? [];
  if (!started || version === undefined) return [];
  const { command, location } = started;
  const data = { command, version };
  return [{ messageId: 'name-service', severity: 'info', data, location }];
}

/** The dynamic program that the image starts, and the paths of the libraries that it is loaded with. */
function startedWith(image: Image, config: ImageConfig) {
  const [command] = commandOf(config);
  const file = command === undefined ? undefined : findCommand(image.filesystem, config, command);
  const program = file?.entry.program;
  if (command === undefined || !file || program?.format !== 'elf') return undefined;
  const libraries = searchLibraries(image, config, file, program).found.map(({ path }) => path);
  const where = config.entrypoint.length > 0 ? 'config.Entrypoint' : 'config.Cmd';
  return { command, libraries, location: configLocation(image, where) };
}
