import type { Check } from '../../../core/check.ts';
import { Fault } from '../../../core/fault.ts';
import type { Draft } from '../../../core/finding.ts';
import { inventoryOf } from '../../image/packages/inventory.ts';
import type { InstalledPackage, PackageType } from '../../image/packages/package.ts';
import { type ImageEvidence, trusted } from '../evidence.ts';
import { documents, imageDigest } from '../example-documents.ts';
import { listedIn } from '../listed.ts';

const status = (name: string, version: string) =>
  `Package: ${name}\nStatus: install ok installed\nVersion: ${version}\n`;

const image = {
  config: {},
  layers: [
    [
      {
        path: 'var/lib/dpkg/status',
        content: [status('libc6', '2.36-9'), status('curl', '7.88.1-10')].join('\n'),
      },
    ],
  ],
};

const bom = (names: readonly string[]) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: 'shop:2.0.0', version: imageDigest } },
  components: names.map((name) => ({
    type: 'library',
    name,
    purl: `pkg:deb/debian/${name}?arch=amd64`,
  })),
});

export const check: Check<ImageEvidence> = {
  id: 'supply-chain/sbom-completeness',
  title: 'The bill of materials lists what the image holds',
  severity: 'warning',
  critical: false,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'What a bill of materials leaves out is never looked up when a vulnerability becomes known. Those made of lock files miss the base image, those of an earlier stage miss what came after.',
    messages: {
      missing: '{{count}} of {{total}} {{type}} packages of the image are not listed: {{names}}',
    },
    remediation:
      'Make the bill of materials from the image itself once it is built, or let the build do it: `docker buildx build --sbom=true`.',
    bad: {
      language: 'evidence',
      text: documents({ 'bom.json': bom(['libc6@2.36-9']) }, image),
      findings: [{ messageId: 'missing' }],
    },
    good: {
      language: 'evidence',
      text: documents({ 'bom.json': bom(['libc6@2.36-9', 'curl@7.88.1-10']) }, image),
      findings: [],
    },
    references: [
      'https://www.ntia.gov/report/2021/minimum-elements-software-bill-materials-sbom',
      'https://docs.docker.com/build/metadata/attestations/sbom/',
    ],
  },
  run(context) {
    const { target } = context;
    const { damage, name } = target.image;
    if (damage.length > 0) {
      throw new Fault('image-damaged', `${name}: its packages cannot be read`);
    }
    const boms = trusted(target).filter(({ components }) => components !== null);
    if (boms.length === 0) {
      context.skip('no bill of materials among the evidence names the image by its digest');
      return [];
    }
    const { packages, unread } = inventoryOf(target.image);
    for (const { path, why } of unread) context.notExamined(`/${path}`, why);
    const isListed = listedIn(boms);
    const byType = Map.groupBy(packages, ({ type }) => type);
    return [...byType].flatMap(([type, ofType]): Draft[] => {
      const missing = ofType.filter((one) => !isListed(one));
      return missing.length === 0 ? [] : [draftOf(target, boms[0]?.file, type, ofType, missing)];
    });
  },
};

/** How many a message names. */
const named = 10;

function draftOf(
  { image: { name } }: ImageEvidence,
  file: string | undefined,
  type: PackageType,
  all: readonly InstalledPackage[],
  missing: readonly InstalledPackage[],
): Draft {
  const names = missing.slice(0, named).map((one) => `${one.name} ${one.version}`);
  const more = missing.length - names.length;
  return {
    messageId: 'missing',
    data: {
      ...{ type, count: missing.length, total: all.length },
      names: `${names.join(', ')}${more > 0 ? ` and ${more} more` : ''}`,
    },
    location: { file },
    identity: [name, type].join('\0'),
  };
}
