import type { Protection, PutOptions, Stored } from '../../adapters/objects/objects.ts';
import { Fault } from '../../core/fault.ts';
import { expectedOf } from '../bucket/listing.ts';
import { damageOf, unpacked } from '../meter.ts';
import type { Repository } from '../repository/repository.ts';
import type { ObjectLine } from '../set/manifest.ts';
import type { Problem } from '../set/reports.ts';
import type { BackupSystems } from '../systems.ts';
import type { BucketTarget } from './bucket.ts';

/**
 * Uploads an object of a set, checked on its way.
 * @returns what is wrong with its bytes in the repository
 * @throws Fault `objects-*`, `repository-*`, `identity-*`
 */
export async function uploadObject(
  line: ObjectLine,
  repository: Repository,
  { store, bucket }: BucketTarget,
  { signal, onEvent }: BackupSystems,
  how: Partial<Protection> & Pick<PutOptions, 'ifAbsent'> = {},
): Promise<Problem | undefined> {
  const { key, size, sha256, object: path, metadata, tags, headers } = line;
  const stored = await repository.get(path, signal);
  if (!stored) return { path, problem: 'it is missing' };
  const content = unpacked(stored, expectedOf(line), repository);
  try {
    const options = { size, sha256, metadata, ...defined(headers), ...how };
    const put = await store.put(bucket, key, content, options, signal);
    if (put.outcome === 'bucket-missing') {
      throw new Fault('objects-failed', `the bucket '${bucket}' went away`);
    }
    if (put.outcome === 'exists') {
      // One that is not ours stays as it is; the comparison tells.
      const there = await store.stat(bucket, key, signal);
      if (there?.metadata.sha256 !== sha256) return undefined;
    }
    if (tags && Object.keys(tags).length > 0) {
      await store.setTags(bucket, key, tags, signal, versionOf(put));
    }
  } catch (error) {
    const problem = damageOf(error);
    if (problem === undefined) throw error;
    return { path, problem };
  } finally {
    content.destroy();
  }
  onEvent({ type: 'bytes', bytes: size });
  return undefined;
}

const versionOf = (put: Stored): string | undefined =>
  put.outcome === 'stored' ? put.versionId : undefined;

/** With exact optional properties, a header that is undefined is not one that is absent. */
function defined(headers: ObjectLine['headers']): { [K in keyof ObjectLine['headers']]?: string } {
  return Object.fromEntries(Object.entries(headers).filter(([, value]) => value !== undefined));
}
