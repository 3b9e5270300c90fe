import { objectsOfGroup } from '../kinds.ts';
import type { ManifestObject } from '../load.ts';
import { oncePerSet } from '../once-per-set.ts';
import { listAt, numberAt, type Path, partAt, stringAt } from '../read.ts';
import { namedAt } from '../references/reference.ts';
import type { ServiceReference } from '../references/service-ports.ts';

/** Of webhooks and aggregated APIs that name none. */
const defaultPort = 443;
const admission = 'admissionregistration.k8s.io';

/** The Services that the API server calls: webhooks of admission and conversion, aggregated APIs. */
export const calledServices = oncePerSet((set) => [
  ...['ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration'].flatMap((kind) =>
    objectsOfGroup(set, admission, kind).flatMap((from) =>
      listAt(from.value, 'webhooks').flatMap((_, index) =>
        called(from, ['webhooks', index, 'clientConfig', 'service']),
      ),
    ),
  ),
  ...objectsOfGroup(set, 'apiregistration.k8s.io', 'APIService').flatMap((from) =>
    called(from, ['spec', 'service']),
  ),
  ...objectsOfGroup(set, 'apiextensions.k8s.io', 'CustomResourceDefinition').flatMap((from) =>
    called(from, ['spec', 'conversion', 'webhook', 'clientConfig', 'service']),
  ),
]);

function called(from: ManifestObject, at: Path): ServiceReference[] {
  const service = partAt(from.value, ...at);
  const given = numberAt(service, 'port');
  const namespace = stringAt(service, 'namespace') || null;
  const wanted = { apiVersion: 'v1', kind: 'Service', namespace };
  return namedAt(from, [...at, 'name'], wanted).map((reference) => ({
    ...reference,
    port: given ?? defaultPort,
    portPath: [...at, given === undefined ? 'name' : 'port'],
  }));
}
