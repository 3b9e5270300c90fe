import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, type Path } from '../read.ts';

/** Keys stand in alphabetical order; of each object the first that does not is named. */
export const check: Check<ManifestSet> = {
  id: 'manifest/sorted-keys',
  title: 'Keys are sorted',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'Manifests that several people and tools write differ in nothing but order, and a review has to find the one line that counts.',
    messages: { unsorted: '{{key}} stands behind {{earlier}}' },
    remediation: 'Sort the keys, best with the formatter of the editor.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: ConfigMap
metadata:
  name: settings
  labels:
    app: web
data:
  mode: fast
`,
      findings: [{ messageId: 'unsorted', line: 7, column: 1 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
data:
  mode: fast
kind: ConfigMap
metadata:
  labels:
    app: web
  name: settings
`,
      findings: [],
    },
    references: ['https://yaml.org/spec/1.2.2/#3221-mapping-key-order'],
  },
  run({ target }) {
    return target.objects.flatMap((object) => {
      const misplaced = firstUnsorted(object.value);
      if (!misplaced) return [];
      const { path, key, earlier } = misplaced;
      return [draftAt(object, [...path, key], 'unsorted', { data: { key, earlier }, part: 'key' })];
    });
  },
};

interface Misplaced {
  readonly path: Path;
  readonly key: string;
  readonly earlier: string;
}

/** Walks everything there is, so without an allocation for what is in order. */
function firstUnsorted(value: unknown): Misplaced | undefined {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      const found = firstUnsorted(item);
      if (found) return { ...found, path: [index, ...found.path] };
    }
    return undefined;
  }
  if (!isRecord(value)) return undefined;
  let earlier = '';
  for (const key in value) {
    // Objects of JavaScript have such keys first, wherever they were written.
    if (isDigits(key)) continue;
    if (key < earlier) return { path: [], key, earlier };
    earlier = key;
  }
  for (const key in value) {
    const found = firstUnsorted(value[key]);
    if (found) return { ...found, path: [key, ...found.path] };
  }
  return undefined;
}

function isDigits(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 0x30 && first <= 0x39 && /^\d+$/.test(key);
}
