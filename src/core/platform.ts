/** Names of https://github.com/opencontainers/image-spec/blob/main/image-index.md */
export interface Platform {
  readonly os: string;
  readonly architecture: string;
  /** Level of the processor, such as `v7` of arm. */
  readonly variant?: string;
}

/** Levels of processors whose index entry names none. */
const impliedLevel: Readonly<Record<string, number>> = { amd64: 1, arm: 7, arm64: 8 };

/**
 * The entry of an index that runs on a platform: of its operating system and architecture, and of the
 * highest variant that does not ask for more than the platform has.
 */
export function choosePlatform<T extends { readonly platform?: Platform | null }>(
  entries: readonly T[],
  wanted: Platform,
): T | undefined {
  const most = levelOf(wanted);
  return entries
    .flatMap((entry) => {
      const { platform } = entry;
      if (platform?.os !== wanted.os || platform.architecture !== wanted.architecture) return [];
      const level = levelOf(platform);
      return level <= most ? [{ entry, level }] : [];
    })
    .reduce<{ entry: T; level: number } | undefined>(
      (best, next) => (best && best.level >= next.level ? best : next),
      undefined,
    )?.entry;
}

function levelOf({ architecture, variant }: Platform): number {
  const level = /^v(\d{1,3})$/.exec(variant ?? '')?.[1];
  return level === undefined ? (impliedLevel[architecture] ?? 0) : Number(level);
}

/** Go's names, as image configs use them, where Node's differ. */
const goNames: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

/** Linux on this machine's processor, for which images are built as a rule. */
export function hostPlatform(): Platform {
  return { os: 'linux', architecture: goNames[process.arch] ?? process.arch };
}

/** `OS/ARCHITECTURE[/VARIANT]`; undefined for any other text. */
export function parsePlatform(text: string): Platform | undefined {
  const [, os, architecture, variant] =
    /^([a-z0-9]+)\/([a-z0-9_]+)(?:\/(v[0-9.]+))?$/.exec(text) ?? [];
  if (os === undefined || architecture === undefined) return undefined;
  return { os, architecture, ...(variant !== undefined && { variant }) };
}

/** The inverse of {@link parsePlatform}. */
export function namesPlatform({ os, architecture, variant }: Platform): string {
  return [os, architecture, ...(variant ? [variant] : [])].join('/');
}
