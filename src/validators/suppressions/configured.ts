import { matchesGlob } from 'node:path/posix';
import type { LoadedConfig } from '../../config/load.ts';
import type { Finding, Location } from '../../core/finding.ts';
import { anywhere, type Suppression } from '../../core/suppress.ts';

type Entry = NonNullable<LoadedConfig['value']['rules']['suppress']>[number];

export interface Configured extends Suppression {
  readonly entry: Entry;
}

/** What `rules.suppress` holds, with the place of each entry in its file. */
export function configuredIn(
  config: Pick<LoadedConfig, 'value' | 'locate'>,
): readonly Configured[] {
  return (config.value.rules.suppress ?? []).map((entry, index) => ({
    entry,
    by: 'configuration',
    rule: entry.rule,
    reason: entry.reason.trim(),
    until: entry.until ?? null,
    anchors: [anywhere],
    covers: (finding) =>
      fitsObject(entry, finding.object) &&
      fitsPath(entry, finding) &&
      (entry.owner === undefined || entry.owner === finding.location.origin?.owner),
    where: (): Location => config.locate?.(['rules', 'suppress', index]) ?? {},
    name: `entry ${index + 1} of rules.suppress`,
  }));
}

type Named = Pick<NonNullable<Finding['object']>, 'kind' | 'namespace' | 'name'>;

export function fitsObject(entry: Entry, object: Named | null): boolean {
  const [kind, ...rest] = entry.object?.split('/') ?? [];
  const wanted = [
    [entry.kind, object?.kind],
    [entry.namespace, object?.namespace],
    [entry.name, object?.name],
    [kind, object?.kind],
    [rest.at(-1), object?.name],
    [rest.length === 2 ? rest[0] : undefined, object?.namespace],
  ] as const;
  return wanted.every(
    ([pattern, text]) => pattern === undefined || (object !== null && fits(pattern, text)),
  );
}

export function fitsPath(entry: Entry, { location }: Pick<Finding, 'location'>): boolean {
  const path = location.file ?? (location.layer === undefined ? undefined : location.path);
  return entry.path === undefined || (path !== undefined && matchesGlob(path, entry.path));
}

function fits(pattern: string, text: string | null | undefined): boolean {
  return pattern === '*' || (typeof text === 'string' && matchesGlob(text, pattern));
}
