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
      const misplaced = firstUnsorted(object.value, []);
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

function firstUnsorted(value: unknown, path: Path): Misplaced | undefined {
  if (Array.isArray(value)) {
    return firstOf(value.entries(), ([index, item]) => firstUnsorted(item, [...path, index]));
  }
  if (!isRecord(value)) return undefined;
  // Objects of JavaScript have such keys first, wherever they were written.
  const keys = Object.keys(value).filter((key) => !/^\d+$/.test(key));
  const at = keys.findIndex((key, index) => index > 0 && key < (keys[index - 1] ?? ''));
  const [earlier, key] = [keys[at - 1], keys[at]];
  if (earlier !== undefined && key !== undefined) return { path, key, earlier };
  return firstOf(keys, (name) => firstUnsorted(value[name], [...path, name]));
}

function firstOf<T, R>(items: Iterable<T>, look: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const found = look(item);
    if (found !== undefined) return found;
  }
  return undefined;
}
