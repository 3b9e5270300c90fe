import { objectsOf } from './kinds.ts';
import type { ManifestObject, ManifestSet } from './load.ts';
import { listAt, partAt, stringAt } from './read.ts';
import type { Container, PodTemplate } from './workloads.ts';

export type ResourceName = 'cpu' | 'memory' | 'ephemeral-storage';

/** Whether a container will have a request or limit, wherever it comes from. */
export type HasResource = (
  template: PodTemplate,
  container: Container,
  resource: ResourceName,
) => boolean;

/**
 * A request of the container or of its pod as a whole, or the default of a LimitRange. A limit counts,
 * since the request defaults to it.
 */
export function requestFinder(set: ManifestSet): HasResource {
  const ranges = rangeFinder(set);
  return (template, { value }, resource) =>
    isRequested(value, resource) ||
    isRequested(template.spec, resource) ||
    ranges(template.object).some((range) => gives(range, resource, requestFields));
}

/** A limit of the container or of its pod as a whole, or the default of a LimitRange. */
export function limitFinder(set: ManifestSet): HasResource {
  const ranges = rangeFinder(set);
  return (template, { value }, resource) =>
    isSet(value, 'limits', resource) ||
    isSet(template.spec, 'limits', resource) ||
    ranges(template.object).some((range) => gives(range, resource, limitFields));
}

function isRequested(holder: unknown, resource: ResourceName): boolean {
  return isSet(holder, 'requests', resource) || isSet(holder, 'limits', resource);
}

function isSet(holder: unknown, part: 'requests' | 'limits', resource: ResourceName): boolean {
  return (partAt(holder, 'resources', part, resource) ?? null) !== null;
}

/** LimitRanges by namespace; there may be one for each of thousands. */
function rangeFinder(set: ManifestSet): (object: ManifestObject) => readonly ManifestObject[] {
  const ranges = objectsOf(set, 'v1', 'LimitRange');
  const byNamespace = Map.groupBy(ranges, ({ namespace }) => namespace);
  return ({ namespace }) =>
    namespace === null
      ? ranges
      : [...(byNamespace.get(namespace) ?? []), ...(byNamespace.get(null) ?? [])];
}

// The API server completes a LimitRange: the default limit from the maximum, the default request from
// the default limit or the minimum (SetDefaults_LimitRangeItem in pkg/apis/core/v1/defaults.go).
const limitFields = ['default', 'max'] as const;
const requestFields = ['defaultRequest', ...limitFields, 'min'] as const;

function gives(range: ManifestObject, resource: string, fields: readonly string[]): boolean {
  return listAt(range.value, 'spec', 'limits').some(
    (limit) =>
      stringAt(limit, 'type') === 'Container' &&
      fields.some((field) => partAt(limit, field, resource) !== undefined),
  );
}
