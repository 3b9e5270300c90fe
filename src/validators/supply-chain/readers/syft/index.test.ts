import { expect, it } from 'vitest';
import { configDigest, documentOf } from '../../testing.ts';

it('lists what the image holds', () => {
  const document = documentOf({
    artifacts: [{ name: 'curl', version: '7.88', type: 'deb', purl: 'pkg:deb/debian/curl@7.88' }],
    source: { type: 'image', metadata: { userInput: 'shop', imageID: configDigest } },
    descriptor: { name: 'syft', version: '1.30.0' },
    schema: { version: '16.0.0' },
  });
  expect(document).toMatchObject({
    format: 'Syft JSON',
    tool: 'syft 1.30.0',
    subject: { names: [{ digest: configDigest, of: 'config' }] },
    components: [{ name: 'curl', version: '7.88', purl: 'pkg:deb/debian/curl@7.88' }],
    vulnerabilities: null,
  });
});
