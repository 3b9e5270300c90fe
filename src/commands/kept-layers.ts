import { join } from 'node:path';
import { cacheFolder } from '../core/cache-folder.ts';
import { codeOfWorker, type LayerStore, openLayerStore } from '../validators/image/layer-store.ts';

/**
 * What earlier runs of this user read of layers; undefined for code that is not bundled, which may change
 * without a name for it.
 */
export async function keptLayers(scan: boolean): Promise<LayerStore | undefined> {
  const code = await codeOfWorker();
  const folder = join(cacheFolder(process.env), 'images');
  return code === undefined ? undefined : openLayerStore({ folder, code, scan });
}
