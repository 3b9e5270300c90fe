import { expect, it } from 'vitest';
import { examine } from '../../secret/testing.ts';
import { assign } from '../assign.ts';
import {
  configDigest,
  documentOf,
  evidenceWith,
  indexDigest,
  otherDigest,
  sampleImage,
  trivyReport,
} from '../testing.ts';
import { check } from './index.ts';

const about = (Metadata: object) => trivyReport([], { Metadata });

it('refuses a report on another image, and on another platform', async () => {
  const { findings } = await examine(
    check,
    await evidenceWith({
      'a.json': about({ ImageID: otherDigest }),
      'b.json': about({ ImageID: otherDigest, RepoDigests: [`shop@${indexDigest}`] }),
      'c.json': about({ ImageID: configDigest }),
    }),
  );
  expect(findings.map(({ messageId, location }) => [messageId, location.file])).toEqual([
    ['other-image', 'a.json'],
    ['other-platform', 'b.json'],
  ]);
});

it('does not verify what names no digest', async () => {
  const run = await examine(check, await evidenceWith({ 'a.json': about({}) }));
  expect(run.outcomes[0]?.outcome).toBe('inconclusive');
  expect(run.notExamined).toEqual([
    {
      what: 'a.json',
      why: 'this Trivy JSON document names no image by its digest, so it may be about another',
    },
  ]);
});

it('gives each of several images what is about it, and all of them what is about none', async () => {
  const first = await sampleImage();
  const second = {
    ...first,
    digest: otherDigest,
    id: null,
    digests: [otherDigest],
    name: 'second',
  };
  const documents = [
    documentOf(about({ ImageID: configDigest }), 'first.json'),
    documentOf(about({ ImageID: otherDigest }), 'second.json'),
    documentOf(about({ ImageID: `sha256:${'7'.repeat(64)}` }), 'stray.json'),
  ];
  const files = assign(documents, [first, second]).map((target) =>
    target.documents.map(({ document, binding }) => `${document.file} ${binding.state}`),
  );
  expect(files).toEqual([
    ['first.json bound', 'stray.json other-image'],
    ['second.json bound', 'stray.json other-image'],
  ]);
});
