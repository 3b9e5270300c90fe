import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import { objectsOf } from '../kinds.ts';
import { labelIndex } from '../label-index.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { externalsOf } from '../options.ts';
import { podIndex } from '../pod-index.ts';
import { listAt, partAt, stringAt, stringsAt, textsAt } from '../read.ts';
import { isDeclared } from '../references/external.ts';
import { asksForNothing, selectorText } from '../selectors.ts';
import { portsOf } from '../workloads.ts';

const id = 'manifest/monitor-services';

/**
 * A ServiceMonitor selects Services of the release, a PodMonitor pods, and they have the ports that it
 * names. Recommended: the release runs without. Option `external`: monitors, beside those of
 * `manifests.external`, of what comes from elsewhere.
 */
export const check: Check<ManifestSet> = {
  id,
  title: 'Monitors find what they are to scrape',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'operations',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A monitor that selects nothing scrapes nothing, without an error anywhere: alerts on its metrics never fire.',
    messages: {
      'selects-nothing': '{{kind}} {{name}} selects {{wanted}}, and nothing here has that',
      'missing-port': '{{kind}} {{name}} scrapes port {{port}}, which nothing that it selects has',
    },
    remediation:
      'Select labels of the Service itself, not those it selects pods by, and name ports by their names. If what is scraped comes from elsewhere, name the monitor under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('webb'),
      findings: [{ messageId: 'selects-nothing', line: 19, column: 5 }],
    },
    good: { language: 'yaml', text: example('web'), findings: [] },
    options: {
      external: 'objects that exist elsewhere, as Kind/name or Kind/namespace/name',
    },
    references: [
      'https://prometheus-operator.dev/docs/api-reference/api/#monitoring.coreos.com/v1.ServiceMonitor',
    ],
  },
  run({ target, options, notExamined }) {
    const external = [...(target.external ?? []), ...externalsOf(id, options)];
    return kinds.flatMap(({ kind, endpoints, portsSelected }) =>
      objectsOf(target, 'monitoring.coreos.com/v1', kind).flatMap((monitor): Draft[] => {
        const { name } = monitor;
        const path = ['spec', 'selector'];
        const selector = partAt(monitor.value, ...path);
        if (asksForNothing(selector) || isDeclared({ external }, monitor)) return [];
        const selected = namespacesOf(monitor).map((namespace) =>
          portsSelected(target, selector, namespace),
        );
        const ports = selected.flat();
        if (ports.length === 0) {
          if (target.complete) {
            const wanted = selectorText(selector);
            return [draftAt(monitor, path, 'selects-nothing', { data: { kind, name, wanted } })];
          }
          notExamined(`${kind} ${name}`, 'what it selects may be in a document that was not read');
          return [];
        }
        return listAt(monitor.value, 'spec', endpoints).flatMap((endpoint, index) => {
          const port = stringAt(endpoint, 'port');
          if (port === undefined || ports.some((names) => names.includes(port))) return [];
          const at = ['spec', endpoints, index, 'port'];
          return [draftAt(monitor, at, 'missing-port', { data: { kind, name, port } })];
        });
      }),
    );
  },
};

/** The names of the ports of each thing that is selected in a namespace. */
type PortsSelected = (
  target: ManifestSet,
  selector: unknown,
  namespace: string | null,
) => readonly (readonly (string | undefined)[])[];

const kinds: readonly { kind: string; endpoints: string; portsSelected: PortsSelected }[] = [
  {
    kind: 'ServiceMonitor',
    endpoints: 'endpoints',
    portsSelected: (target, selector, namespace) =>
      serviceIndex(target)
        .select(selector, namespace)
        .map(({ value }) => listAt(value, 'spec', 'ports').map((port) => stringAt(port, 'name'))),
  },
  {
    kind: 'PodMonitor',
    endpoints: 'podMetricsEndpoints',
    portsSelected: (target, selector, namespace) =>
      podIndex(target)
        .select(selector, namespace)
        .map(({ containers }) => containers.flatMap(portsOf).map(({ name }) => name)),
  },
];

const serviceIndex = oncePerSet((set) =>
  labelIndex(objectsOf(set, 'v1', 'Service'), ({ value, namespace }) => ({
    labels: stringsAt(value, 'metadata', 'labels'),
    namespace,
  })),
);

/** Null for all of them. */
function namespacesOf({ value, namespace }: ManifestObject): readonly (string | null)[] {
  if (partAt(value, 'spec', 'namespaceSelector', 'any') === true) return [null];
  const names = textsAt(value, 'spec', 'namespaceSelector', 'matchNames');
  return names.length > 0 ? names : [namespace];
}

function example(app: string): string {
  return `apiVersion: v1
kind: Service
metadata:
  name: web
  labels:
    app: web
spec:
  selector: {app: web}
  ports:
    - name: metrics
      port: 9090
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: web
spec:
  selector:
    matchLabels:
      app: ${app}
  endpoints:
    - port: metrics
`;
}
