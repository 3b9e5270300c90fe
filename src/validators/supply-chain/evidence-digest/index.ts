import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type ImageEvidence, leaveOutUnbound } from '../evidence.ts';
import { documents, imageDigest } from '../example-documents.ts';

const bom = (digest: string) => ({
  bomFormat: 'CycloneDX',
  specVersion: '1.6',
  metadata: { component: { type: 'container', name: 'shop:2.0.0', version: digest } },
  components: [{ type: 'library', name: 'express', version: '5.1.0' }],
});

export const check: Check<ImageEvidence> = {
  id: 'supply-chain/evidence-digest',
  title: 'The evidence is about this very image',
  severity: 'error',
  critical: true,
  item: 'provenance',
  appliesTo: 'imageEvidence',
  meta: {
    why: 'A clean report on yesterday’s build, or on the image of another processor, says nothing about what is going to run. Tags move; only a digest names an image.',
    messages: {
      'other-image': 'this {{format}} document is about {{named}}, and the image is {{image}}',
      'other-platform':
        'this {{format}} document is about {{named}}, another image of the same index',
    },
    remediation:
      'Scan the image that is released, by its digest, once the build is done; keep the report beside the image.',
    bad: {
      language: 'evidence',
      text: documents({ 'bom.json': bom(`sha256:${'0'.repeat(64)}`) }),
      findings: [{ messageId: 'other-image' }],
    },
    good: { language: 'evidence', text: documents({ 'bom.json': bom(imageDigest) }), findings: [] },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/descriptor.md#digests',
      'https://slsa.dev/spec/v1.0/verifying-artifacts',
    ],
  },
  run(context) {
    leaveOutUnbound(context);
    const { target } = context;
    return target.documents.flatMap(({ document, binding }): Draft[] => {
      for (const hole of document.holes) context.notExamined(document.file, hole);
      if (binding.state !== 'other-image' && binding.state !== 'other-platform') return [];
      const { file, format } = document;
      const data = { format, named: binding.named, image: target.image.digest };
      return [{ messageId: binding.state, data, location: { file } }];
    });
  },
};
