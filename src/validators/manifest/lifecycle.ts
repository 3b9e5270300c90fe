import type { Index } from './pool-file.ts';

/** The versions of Kubernetes between which a kind lives, such as `1.25`. */
export interface Lifecycle {
  /** First version known here to serve it; undefined when it went before. */
  readonly introduced: string | undefined;
  readonly deprecated: string | undefined;
  /** First version without it; of what the newest version serves, the one announced. */
  readonly gone: string | undefined;
  /** What to use instead by announcement, as `<apiVersion>/<kind>`. */
  readonly replacement: string | undefined;
}

export function lifecycleOf(
  { kinds, announced, minors }: Index,
  key: string,
): Lifecycle | undefined {
  if (!Object.hasOwn(kinds, key) && !Object.hasOwn(announced, key)) return undefined;
  const [, , served = []] = kinds[key] ?? [];
  const [deprecated, removed, replacement] = announced[key] ?? [];
  const oldest = minors[0] ?? 0;
  const last = served.at(-1);
  const planned = removed ?? undefined;
  // Some went earlier or later than announced: what was served is known better from the versions.
  const gone =
    last === undefined
      ? Math.min(planned ?? oldest, oldest)
      : last !== minors.at(-1)
        ? last + 1
        : planned !== undefined && planned > last
          ? planned
          : undefined;
  const version = (value: number | null | undefined): string | undefined =>
    value === null || value === undefined ? undefined : versionOf(value);
  return {
    introduced: version(served[0]),
    deprecated: version(deprecated),
    gone: version(gone),
    replacement: replacement ?? undefined,
  };
}

/** Whether a version of Kubernetes has a kind no longer; false for what is yet to come. */
export function isGone(
  key: string,
  lifecycle: Lifecycle | undefined,
  api: { readonly version: string; readonly kinds: ReadonlyMap<string, unknown> },
): boolean {
  const gone = lifecycle?.gone;
  return gone !== undefined && !api.kinds.has(key) && compareVersions(gone, api.version) <= 0;
}

/** Negative when the first one is older. */
export function compareVersions(a: string, b: string): number {
  return (minorOf(a) ?? 0) - (minorOf(b) ?? 0);
}

export function versionOf(value: number): string {
  return `1.${value}`;
}

/** Undefined for what is no version of Kubernetes 1. */
export function minorOf(version: string): number | undefined {
  const found = /^v?1\.(\d+)(?:[.+-].*)?$/.exec(version)?.[1];
  return found === undefined ? undefined : Number(found);
}
