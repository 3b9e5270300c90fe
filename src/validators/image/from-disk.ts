import type { Platform } from '../../core/platform.ts';
import { type DiskPlace, openFiles } from './archive.ts';
import type { ImageFiles } from './blobs.ts';
import { chooseManifest, type Wanted } from './choose.ts';
import { type Described, describeManifest } from './described.ts';
import { blobName, type Damage, isDamage, readBlob } from './layout.ts';
import { repositoryIn } from './names.ts';
import { describeSaved } from './saved.ts';
import { type Spool, unpackWhole } from './spool.ts';

export interface DiskImage {
  readonly place: DiskPlace;
  readonly name?: string | undefined;
  readonly digest?: string | undefined;
  readonly platform?: Platform | undefined;
}

/**
 * An image of a folder or archive: an OCI layout, or what `docker save` wrote before Engine 25. A file
 * that is both, as newer engines write it, is read as a layout, whose digests cover all of it.
 * @throws Fault `image-unreadable`, `image-damaged`, `usage-invalid`, `input-too-large`
 */
export async function describeOnDisk(
  { place, name, digest, platform }: DiskImage,
  { spool, signal }: { readonly spool: Spool; readonly signal: AbortSignal },
): Promise<Described> {
  const files = await openFiles(place, (packed) => unpackWhole(spool, packed), signal);
  const wanted: Wanted = {
    path: place.path,
    ...(name !== undefined && { name }),
    ...(digest !== undefined && { digest }),
    ...(platform && { platform }),
  };
  const isLayout = await files.locate('index.json');
  if (!isLayout && (await files.locate('manifest.json'))) return describeSaved(files, wanted);
  return describeLayout(files, wanted);
}

async function describeLayout(files: ImageFiles, wanted: Wanted): Promise<Described> {
  const chosen = await chooseManifest(files, wanted);
  if ('blob' in chosen) return nothing(wanted, chosen.blob, chosen);
  const { descriptor, within, names, platforms } = chosen;
  // What an engine saved holds the platform that the engine runs, whatever there is elsewhere.
  const isSaved = (await files.locate('manifest.json')) !== undefined;
  const manifest = await readBlob(files, descriptor, 'manifest');
  if (isDamage(manifest)) return nothing(wanted, descriptor.digest, manifest);
  return describeManifest(descriptor, manifest, {
    source: sourceText(wanted, descriptor.digest),
    ...repositoryIn(names),
    ...(!isSaved && { platforms }),
    within,
    json: (blob, part) => readBlob(files, blob, part),
    layer: ({ digest }) => ({
      place: wanted.path,
      open: () => files.locate(blobName(digest)),
    }),
  });
}

function sourceText({ path }: Wanted, digest: string): string {
  return `oci:${path}@${digest}`;
}

function nothing(wanted: Wanted, digest: string, damage: Damage): Described {
  const source = sourceText(wanted, digest);
  const known = { digest, id: null, digests: [digest], source };
  return { ...known, config: null, layers: [], damage: [damage] };
}
