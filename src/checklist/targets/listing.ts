import type { Target } from '../../core/target.ts';
import type { TargetContext } from './context.ts';
import type { Loaded } from './loaded.ts';

export interface Listed extends Target {
  /** In sha256sum format, paths relative to the configuration's folder. */
  readonly listing: string;
}

export function isListed(target: Target): target is Listed {
  return 'listing' in target && typeof target.listing === 'string';
}

/** Keeps the listing of what was loaded, so that a change can be named file by file. */
export async function withListing(
  loaded: Loaded,
  name: string,
  { evidence }: TargetContext,
): Promise<Loaded> {
  const { target } = loaded;
  if (!target || !isListed(target)) return loaded;
  const entry = await evidence.add({
    name: evidenceName(name),
    mediaType: 'text/plain',
    content: target.listing,
    how: `sha256sum over ${target.source}`,
  });
  return { ...loaded, evidence: entry };
}

export function evidenceName(text: string): string {
  return text.replaceAll(/[^\w.-]/g, '_');
}
