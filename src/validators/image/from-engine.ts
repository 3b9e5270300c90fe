import type { Engine } from '../../adapters/docker/docker.ts';
import { Fault } from '../../core/fault.ts';
import type { Platform } from '../../core/platform.ts';
import { parseReference } from '../../core/reference.ts';
import type { Described, LayerSource } from './described.ts';
import { describeOnDisk } from './from-disk.ts';
import type { LayerStore } from './layer-store.ts';
import { repositoryIn, shortRepository } from './names.ts';
import { claimOf, describeConfig } from './saved.ts';
import { isId } from './source.ts';
import { maxSpooled, type Spool } from './spool.ts';

export interface FromEngine {
  readonly engine: Engine;
  readonly spool: Spool;
  readonly store?: LayerStore | undefined;
  readonly platform?: Platform | undefined;
  readonly signal: AbortSignal;
}

/**
 * An image that an engine has, read from the archive that `docker save` gives of it. The archive is
 * held to the id that the engine calls the image by. Where that is the digest of a config that was read
 * before, the archive is not asked for: the config says by digest what is in the layers.
 * @param name a reference, or an id
 * @returns undefined when the engine has no such image
 * @throws Fault `engine-unreachable`, `engine-failed`, `image-damaged`, `output-unwritable`
 */
export async function describeInEngine(
  name: string,
  from: FromEngine,
): Promise<Described | undefined> {
  const { engine, store, signal } = from;
  const inspected = await engine.inspectImage(name, signal);
  if (!inspected) return undefined;
  const id = isId(inspected.id) ? inspected.id : `sha256:${inspected.id}`;
  const own = isId(name)
    ? repositoryIn(inspected.repoTags)
    : { repository: shortRepository(parseReference(name)) };
  const called = ({ platforms: _, ...image }: Described): Described => {
    return { ...image, ...own, source: `docker:${name.replace(/@.*/, '')}@${image.digest}` };
  };
  const whole = async () => called(await fetchImage(name, id, from));
  const config = await store?.config(id);
  if (!config) return whole();
  const image = describeConfig(config, name);
  const layers = image.config?.diffIds.map((diffId): LayerSource => {
    return { claim: claimOf(diffId, undefined), isRemote: true, open: async () => undefined };
  });
  return { ...called({ ...image, layers: layers ?? [] }), whole };
}

async function fetchImage(name: string, id: string, from: FromEngine): Promise<Described> {
  const { engine, spool, store, signal } = from;
  const stream = await engine.saveImage(name, signal);
  if (!stream) throw new Fault('input-missing', `${name}: the engine has it no more`);
  const path = `${name}, as Docker Engine at ${engine.host} sends it`;
  const { file } = await spool.keep(stream, path, maxSpooled);
  const image = await describeArchive({ path, absolute: file }, from);
  if (!image.digests.includes(id)) {
    throw new Fault(
      'engine-failed',
      `Docker Engine at ${engine.host} calls ${name} ${id}, and sent ${image.digests.join(', ')}; was the name given to another image meanwhile?`,
    );
  }
  if (image.configBytes && image.damage.length === 0) await store?.keepConfig(image.configBytes);
  return image;
}

async function describeArchive(
  place: { readonly path: string; readonly absolute: string },
  { spool, platform, signal }: FromEngine,
): Promise<Described> {
  try {
    return await describeOnDisk({ place, platform }, { spool, signal });
  } catch (error) {
    // What the engine sent is not the fault of whoever named the image.
    if (!(error instanceof Fault) || error.code !== 'image-unreadable') throw error;
    throw new Fault('engine-failed', error.message, { cause: error });
  }
}
