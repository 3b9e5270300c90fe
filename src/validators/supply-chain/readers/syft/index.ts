import { objectOf } from '../../../../core/json.ts';
import { subjectOf, toolOf } from '../../anchore.ts';
import { nothing, type Reader } from '../../document.ts';
import { each, momentOf, wordOf } from '../../narrow.ts';

/** `syft -o json`: https://github.com/anchore/syft/tree/main/schema/json */
export const reader: Reader = {
  title: 'Syft JSON',
  recognises: (json) => Array.isArray(json.artifacts) && objectOf(json.descriptor) !== undefined,
  read: (json) => ({
    ...nothing,
    tool: toolOf(json),
    subject: subjectOf(json),
    madeAt: momentOf(objectOf(json.descriptor)?.timestamp),
    components: each(json.artifacts).map((artifact) => ({
      name: wordOf(artifact.name) ?? '',
      version: wordOf(artifact.version) ?? '',
      purl: wordOf(artifact.purl) ?? null,
    })),
  }),
};
