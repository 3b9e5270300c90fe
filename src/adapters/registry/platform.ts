import type { Descriptor, Platform } from './registry.ts';

/** Levels of processors whose index entry names none. */
const impliedLevel: Readonly<Record<string, number>> = { amd64: 1, arm: 7, arm64: 8 };

/**
 * The entry of an index that runs on a platform: of its operating system and architecture, and of the
 * highest variant that does not ask for more than the platform has.
 */
export function choosePlatform(
  entries: readonly Descriptor[],
  wanted: Platform,
): Descriptor | undefined {
  const most = levelOf(wanted);
  return entries
    .flatMap((entry) => {
      const { platform } = entry;
      if (platform?.os !== wanted.os || platform.architecture !== wanted.architecture) return [];
      const level = levelOf(platform);
      return level <= most ? [{ entry, level }] : [];
    })
    .reduce<{ entry: Descriptor; level: number } | undefined>(
      (best, next) => (best && best.level >= next.level ? best : next),
      undefined,
    )?.entry;
}

function levelOf({ architecture, variant }: Platform): number {
  const level = /^v(\d{1,3})$/.exec(variant ?? '')?.[1];
  return level === undefined ? (impliedLevel[architecture] ?? 0) : Number(level);
}
