import type { Check } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import { objectOf, textMapOf } from '../../../core/json.ts';
import { type Image, requireContent } from '../image.ts';
import { fileLocation, recipe } from '../places.ts';
import { textAt } from '../user.ts';
import { lastDayOf } from './distributions.ts';

const id = 'image/end-of-life';
const release = (version: string) => [
  [{ path: 'etc/os-release', content: `ID=example\nVERSION_ID=${version}\n` }],
];
const ends = { 'example 1': '1969-12-31', 'example 2': '2999-12-31' };

/** Option `ends`: last days of releases that are not known here, or that somebody pays for longer. */
export const check: Check<Image> = {
  id,
  title: 'The distribution in the image still gets updates',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'After the end of its support a distribution gets no security updates, and scanners lose the advisories to compare with: the image looks clean and is not.',
    messages: {
      over: '{{name}} gets no security updates since {{day}}',
    },
    remediation:
      'Build on a release that is supported, or on a base that is rebuilt without a distribution.',
    options: {
      ends: 'last days by release, as `debian 11: 2028-06-30`; they count more than what is known here',
    },
    bad: {
      language: 'image-recipe',
      options: { ends },
      text: recipe({ config: {}, layers: release('1.4') }),
      findings: [{ messageId: 'over' }],
    },
    good: {
      language: 'image-recipe',
      options: { ends },
      text: recipe({ config: {}, layers: release('2.0') }),
      findings: [],
    },
    references: [
      'https://www.freedesktop.org/software/systemd/man/latest/os-release.html',
      'https://alpinelinux.org/releases/',
      'https://wiki.debian.org/LTS',
      'https://ubuntu.com/about/release-cycle',
    ],
  },
  run(context) {
    const { target, clock, options } = context;
    requireContent(context);
    const own = endsOf(options.ends);
    const path = 'etc/os-release';
    const file = target.filesystem.lookup(path);
    if (!file) return [];
    const fields = fieldsOf(textAt(target, path));
    const day = lastDayOf(fields.get('ID') ?? '', fields.get('VERSION_ID') ?? '', own);
    if (day === undefined || clock.now().toISOString().slice(0, 10) <= day) return [];
    const name = fields.get('PRETTY_NAME') ?? `${fields.get('ID')} ${fields.get('VERSION_ID')}`;
    return [
      {
        messageId: 'over',
        data: { name: name.slice(0, 80), day },
        location: fileLocation(target, file),
      },
    ];
  },
};

/** @throws Fault `config-invalid` */
function endsOf(option: unknown): Readonly<Record<string, string>> {
  if (option === undefined) return {};
  const given = objectOf(option);
  const ends = textMapOf(option);
  const isWhole = given && Object.keys(given).length === Object.keys(ends).length;
  if (isWhole && Object.values(ends).every((day) => /^\d{4}-\d{2}-\d{2}$/.test(day))) return ends;
  throw new Fault(
    'config-invalid',
    `options of ${id}: ends: expected last days by release, such as "debian 11": "2028-06-30"`,
  );
}

/** os-release(5): assignments as a shell reads them. */
function fieldsOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n').flatMap((line) => {
      const [, name, value = ''] = /^([A-Z_]+)=(.*)$/.exec(line.trim()) ?? [];
      return name === undefined ? [] : [[name, value.replace(/^(["'])(.*)\1$/, '$2')] as const];
    }),
  );
}
