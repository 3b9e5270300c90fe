import type { MinorApi } from './pool.ts';

/** Minor since which it is deprecated, minor that is without it, what to use instead. */
export type AnnouncedEntry = readonly [number | null, number | null, string | null];

/**
 * What no specification of 1.23 or later and no tag in k8s.io/api says. The first two went with 1.22:
 * https://kubernetes.io/docs/reference/using-api/deprecation-guide/#v1-22; the API server warns of the
 * third itself: https://kubernetes.io/blog/2025/04/24/endpoints-deprecation/
 */
const untagged: readonly (readonly [string, AnnouncedEntry])[] = [
  [
    'apiextensions.k8s.io/v1beta1/CustomResourceDefinition',
    [16, 22, 'apiextensions.k8s.io/v1/CustomResourceDefinition'],
  ],
  ['apiregistration.k8s.io/v1beta1/APIService', [19, 22, 'apiregistration.k8s.io/v1/APIService']],
  ['v1/Endpoints', [33, null, 'discovery.k8s.io/v1/EndpointSlice']],
];

/**
 * What was announced of each kind, by the newest version that says something of it. Where the
 * specifications tell when a kind went, they count (see `kinds`): some went earlier than announced.
 * @param served all kinds that some version serves
 */
export function announcedTable(
  apis: readonly MinorApi[],
  served: ReadonlySet<string>,
): readonly (readonly [string, AnnouncedEntry])[] {
  const kindNames = new Set([...served].map((key) => key.split('/').at(-1) ?? ''));
  const table = new Map<string, AnnouncedEntry>(untagged);
  for (const { announcements } of apis) {
    for (const { key, deprecated, removed, replacement } of announcements) {
      // Not options, lists and subresources, of which nobody writes manifests.
      if (!kindNames.has(key.split('/').at(-1) ?? '')) continue;
      if (deprecated === undefined && removed === undefined) continue;
      table.set(key, [deprecated ?? null, removed ?? null, replacement ?? null]);
    }
  }
  return [...table].sort(([a], [b]) => (a < b ? -1 : 1));
}
