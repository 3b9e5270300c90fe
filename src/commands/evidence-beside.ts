import type { LoadedConfig } from '../config/load.ts';
import type { Target } from '../core/target.ts';
import type { AttestationOptions } from '../validators/image/attestations.ts';
import { isImage } from '../validators/image/image.ts';
import { assign } from '../validators/supply-chain/assign.ts';
import { attachedDocuments, loadDocuments } from '../validators/supply-chain/load.ts';
import { keyFilesIn, loadKeys, type TrustedKey } from '../validators/supply-chain/signing/keys.ts';

/** Documents of files, and those that lie beside the images themselves. */
export async function evidenceBeside(
  files: readonly string[],
  keys: readonly TrustedKey[],
  options: AttestationOptions,
) {
  const documents = await loadDocuments(files, options.root);
  return async (targets: readonly Target[]) => {
    const images = targets.filter(isImage);
    const attached = await Promise.all(images.map((image) => attachedDocuments(image, options)));
    return assign([...documents, ...attached.flat()], images, keys);
  };
}

/** Those that are named here, else those of the configuration. */
export async function keysOf(
  files: readonly string[] | undefined,
  { value, root }: LoadedConfig,
): Promise<readonly TrustedKey[]> {
  return files ? loadKeys(files, process.cwd()) : loadKeys(keyFilesIn(value.rules.options), root);
}
