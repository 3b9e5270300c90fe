import type { Check } from '../../../core/check.ts';
import { isReferenceProblem, readReference } from '../../../core/reference.ts';
import { type Image, requireConfig } from '../image.ts';
import { recipe } from '../places.ts';

const digest = `sha256:${'5e'.repeat(32)}`;
const other = `sha256:${'0c'.repeat(32)}`;
const name = `registry.example/shop:2.0.0@${digest}`;

/** A reference that lacks one of both has nothing that could disagree. */
export const check: Check<Image> = {
  id: 'image/tag-digest',
  title: 'Tag and digest of a reference mean the same image',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Engines and clusters pull what the digest says and read no tag beside it. When the tag means something else by now, everybody who reads the manifest takes the wrong release for the one that runs.',
    messages: {
      moved: 'the tag {{tag}} means {{found}} now, and what is pulled is {{digest}}',
      gone: 'the registry has no tag {{tag}} any more, and what is pulled is {{digest}}',
    },
    remediation: 'Write the tag that this digest was released as, or pin what the tag means now.',
    bad: {
      language: 'image-recipe',
      text: recipe({
        ...{ name, tag: { tag: '2.0.0', digest, found: other } },
        ...{ config: {}, layers: [] },
      }),
      findings: [{ messageId: 'moved' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({
        ...{ name, tag: { tag: '2.0.0', digest, found: digest } },
        ...{ config: {}, layers: [] },
      }),
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/containers/images/#image-names',
      'https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests',
    ],
  },
  run(context) {
    const { target, skip } = context;
    requireConfig(context);
    const { tag } = target;
    if (!tag) {
      if (hasBoth(target.name)) skip('what a tag means now is known to its registry alone');
      return [];
    }
    if (tag.agrees) return [];
    const { found } = tag;
    const messageId = found === null ? 'gone' : 'moved';
    const data = { tag: tag.tag, digest: tag.digest, ...(found !== null && { found }) };
    return [{ messageId, data, location: { file: target.name } }];
  },
};

/** Of an image that was read from elsewhere, by its reference. */
function hasBoth(name: string): boolean {
  const read = readReference(name.replace(/^(?:docker|registry):/, ''));
  return !isReferenceProblem(read) && read.tag !== undefined && read.digest !== undefined;
}
