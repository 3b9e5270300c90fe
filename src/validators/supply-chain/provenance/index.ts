import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type ImageEvidence, trusted } from '../evidence.ts';
import { documents, imageHex } from '../example-documents.ts';

const statement = (material: Readonly<Record<string, unknown>>) => ({
  _type: 'https://in-toto.io/Statement/v1',
  predicateType: 'https://slsa.dev/provenance/v1',
  subject: [{ name: 'shop', digest: { sha256: imageHex } }],
  predicate: {
    buildDefinition: {
      buildType: 'https://mobyproject.org/buildkit@v1',
      resolvedDependencies: [material],
    },
    runDetails: { builder: { id: 'https://ci.example/shop/builds/17' } },
  },
});

const base = 'pkg:docker/debian@bookworm-slim?platform=linux%2Famd64';

export const check: Check<ImageEvidence> = {
  id: 'supply-chain/provenance',
  title: 'The provenance names its builder and pins what went in',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'A build can be trusted and repeated only when it is known who built and from which bytes. A base image by its tag is another one next week.',
    messages: {
      'no-builder': 'the provenance names no builder',
      'no-materials': 'the provenance by {{builder}} names nothing that went into the build',
      unpinned: 'the image was built from {{material}}, which the provenance pins by no digest',
    },
    remediation:
      'Build with `docker buildx build --provenance=mode=max`, and let the CI fill in the builder.',
    bad: {
      language: 'evidence',
      text: documents({ 'provenance.json': statement({ uri: base }) }),
      findings: [{ messageId: 'unpinned' }],
    },
    good: {
      language: 'evidence',
      text: documents({
        'provenance.json': statement({ uri: base, digest: { sha256: '4bcff63911fcb4448bd4fdac' } }),
      }),
      findings: [],
    },
    references: [
      'https://slsa.dev/spec/v1.0/provenance',
      'https://docs.docker.com/build/metadata/attestations/slsa-provenance/',
    ],
  },
  run(context) {
    const stated = trusted(context.target).filter(({ provenance }) => provenance !== null);
    if (stated.length === 0) {
      context.skip('no provenance among the evidence names the image by its digest');
      return [];
    }
    return stated.flatMap(({ file, provenance }): Draft[] => {
      const location = { file };
      const { builder = null, materials = [] } = provenance ?? {};
      return [
        // BuildKit writes an empty text unless the CI tells it who it is.
        ...(builder === null ? [{ messageId: 'no-builder', location }] : []),
        ...(materials.length === 0
          ? [{ messageId: 'no-materials', data: { builder: builder ?? 'nobody' }, location }]
          : []),
        ...materials.flatMap(({ uri, digest }) =>
          digest === null || digest.endsWith(':')
            ? [{ messageId: 'unpinned', data: { material: uri }, location, identity: uri }]
            : [],
        ),
      ];
    });
  },
};
