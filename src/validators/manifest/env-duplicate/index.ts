import { isDeepStrictEqual } from 'node:util';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, partAt, stringAt } from '../read.ts';
import { type Container, type PodTemplate, podTemplates } from '../workloads.ts';

/**
 * No variable is given two values. A later one may add to the earlier, as `$(NAME)`; that the name
 * stands twice in a list that is a map is said by manifest/schema, for versions where it is one.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/env-duplicate',
  title: 'Variables have one value',
  severity: 'error',
  critical: true,
  item: 'configuration',
  appliesTo: 'manifestSet',
  meta: {
    why: 'The process gets the last value. A change of the first one does nothing, and server-side apply refuses the list or drops one of them.',
    messages: {
      hidden:
        'variable {{name}} of container {{container}} is given another value in line {{line}}',
    },
    remediation: 'Keep one of them: the last one to leave things as they are.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: LOG_LEVEL
          value: info
        - name: LOG_LEVEL
          value: debug
`,
      findings: [{ messageId: 'hidden', line: 10, column: 17 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      env:
        - name: LOG_LEVEL
          value: debug
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#environment-variables',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap((template) =>
      template.containers.flatMap((container) => hiddenIn(template, container)),
    );
  },
};

function hiddenIn({ object }: PodTemplate, { name: container, value, path }: Container): Draft[] {
  const last = new Map<string, number>();
  const entries = listAt(value, 'env');
  if (entries.length < 2) return [];
  for (const [index, entry] of entries.entries()) {
    const name = stringAt(entry, 'name');
    if (name) last.set(name, index);
  }
  return entries.flatMap((entry, index) => {
    const name = stringAt(entry, 'name');
    const winner = name ? last.get(name) : undefined;
    if (!name || winner === undefined || winner === index) return [];
    const later = entries.slice(index + 1).filter((other) => stringAt(other, 'name') === name);
    const addsTo = later.some((other) => stringAt(other, 'value')?.includes(`$(${name})`));
    if (addsTo || isDeepStrictEqual(sourceOf(entry), sourceOf(entries[winner]))) return [];
    const { line } = object.locate([...path, 'env', winner]);
    return [
      draftAt(object, [...path, 'env', index, 'name'], 'hidden', {
        data: { name, container, line },
      }),
    ];
  });
}

const sourceOf = (entry: unknown): unknown => [
  partAt(entry, 'value') ?? '',
  partAt(entry, 'valueFrom') ?? null,
];
