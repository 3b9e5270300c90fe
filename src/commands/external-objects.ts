import type { LoadedConfig, Origin } from '../config/load.ts';
import type { External } from '../validators/manifest/references/external.ts';

/** What the configuration declares to exist outside of the manifests, with its place in the file. */
export function externalObjects({ value, origins }: LoadedConfig): readonly External[] {
  return (value.manifests?.external ?? []).map((text, index) => ({
    text,
    ...placeOf(origins.get(`manifests.external.${index}`)),
  }));
}

function placeOf(origin: Origin | undefined): Pick<External, 'place'> {
  const [, file, line] = /^(.+):(\d+)$/.exec(origin ?? '') ?? [];
  return file === undefined ? {} : { place: { file, line: Number(line) } };
}
