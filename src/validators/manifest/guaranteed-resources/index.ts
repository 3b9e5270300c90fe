import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { wordsOf } from '../options.ts';
import { quantityOf } from '../quantity.ts';
import { isRecord, type Path, partAt } from '../read.ts';
import { limitFinder, type ResourceName } from '../resources.ts';
import { podTemplates } from '../workloads.ts';

const id = 'manifest/guaranteed-resources';
const resources = ['cpu', 'memory'] as const;

/**
 * Requests equal limits. Where a pod has resources as a whole, these decide. Option `resources`: which
 * of `cpu` and `memory` are compared.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Requests equal limits',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'resilience',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A pod whose requests equal its limits has the class Guaranteed: it is the last that a node short of memory ends, and it behaves the same on an empty node and on a full one.',
    messages: {
      differ: '{{holder}} requests {{request}} of {{resource}} and is limited to {{limit}}',
      unlimited: '{{holder}} has no limit for {{resource}}',
    },
    remediation:
      'Give the limit the value of the request. With the option `resources: [memory]` CPU may be unlimited; the class is Burstable then.',
    options: { resources: 'which of `cpu` and `memory` are compared; both when left out' },
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
      resources:
        requests:
          cpu: 100m
          memory: 128Mi
        limits:
          cpu: "0.1"
          memory: 1Gi
`,
      findings: [{ messageId: 'differ', line: 12, column: 19 }],
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
      resources:
        limits:
          cpu: 100m
          memory: 128Mi
`,
      findings: [],
    },
    references: ['https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/#guaranteed'],
  },
  run({ target, options }) {
    const compared = wordsOf(id, options, 'resources', resources) ?? resources;
    const isLimited = limitFinder(target);
    return podTemplates(target).flatMap((template) => {
      const { object, spec, specPath } = template;
      if (isRecord(partAt(spec, 'resources'))) {
        return compared.flatMap((resource) =>
          problemOf(object, { value: spec, path: specPath, name: 'the pod' }, resource, false),
        );
      }
      return template.containers
        .filter(({ list }) => list !== 'ephemeralContainers')
        .flatMap((container) =>
          compared.flatMap((resource) =>
            problemOf(
              object,
              { ...container, name: `container ${container.name}` },
              resource,
              isLimited(template, container, resource),
            ),
          ),
        );
    });
  },
};

/** What has `resources`: a container or a pod. */
interface Holder {
  readonly value: unknown;
  readonly path: Path;
  /** For people. */
  readonly name: string;
}

function problemOf(
  object: ManifestObject,
  { value, path: at, name: holder }: Holder,
  resource: ResourceName,
  limitedElsewhere: boolean,
): Draft[] {
  const path = [...at, 'resources'];
  const limit = partAt(value, 'resources', 'limits', resource) ?? null;
  const request = partAt(value, 'resources', 'requests', resource) ?? null;
  if (limit === null) {
    // The default of a LimitRange becomes the limit, and nobody here knows what it is compared with.
    if (limitedElsewhere) return [];
    const data = { holder, resource };
    return [draftAt(object, [...path, 'limits'], 'unlimited', { data, part: 'key' })];
  }
  const [asked, most] = [quantityOf(request), quantityOf(limit)];
  if (asked === undefined || most === undefined || same(asked, most)) return [];
  const data = { holder, resource, request: String(request), limit: String(limit) };
  return [draftAt(object, [...path, 'requests', resource], 'differ', { data })];
}

/** `100m` and `0.1` may differ in the last bit of a double. */
function same(a: number, b: number): boolean {
  return Math.abs(a - b) <= Math.max(Math.abs(a), Math.abs(b)) * 1e-9;
}
