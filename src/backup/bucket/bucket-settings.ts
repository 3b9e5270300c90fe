import { z } from 'zod';
import type { BucketDocument, ObjectStore } from '../../adapters/objects/objects.ts';
import { canonicalJson } from '../../core/canonical.ts';
import { Fault } from '../../core/fault.ts';
import type { Filled } from '../restore/database.ts';
import type { Difference } from '../set/reports.ts';
import { encryptionChoice, lockDocument } from './protection-documents.ts';

const documents = ['policy', 'lifecycle', 'cors', 'tags', 'encryption', 'lock'] as const;

/** The lock is last: what is put into the bucket from then on has the retention it gives. */
const restored = [
  'policy',
  'lifecycle',
  'cors',
  'tags',
  'encryption',
  'lock',
] as const satisfies readonly BucketDocument[];

const document = z.object({
  outcome: z.enum(['found', 'none', 'unsupported', 'denied']),
  text: z.string().nullable().describe('as the server gives it; null unless it was found'),
});

export const settingsSchema = z.object({
  bucket: z.string(),
  versioning: z.enum(['enabled', 'suspended', 'never', 'unsupported', 'denied']),
  documents: z.record(z.enum(documents), document),
});

export type BucketSettings = z.infer<typeof settingsSchema>;

/** @throws Fault `objects-*` but for settings that one may not read, which is said in them */
export async function readSettings(
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<BucketSettings> {
  const read = async (name: BucketDocument): Promise<z.infer<typeof document>> => {
    const found = await unlessDenied(store.bucketDocument(bucket, name, signal));
    return found === 'denied' ? { outcome: found, text: null } : { text: null, ...found };
  };
  const versioning = (await unlessDenied(store.versioning(bucket, signal))) ?? 'unsupported';
  const [policy, lifecycle, cors, tags, encryption, lock] = await Promise.all([
    read('policy'),
    read('lifecycle'),
    read('cors'),
    read('tags'),
    read('encryption'),
    read('lock'),
  ]);
  return {
    bucket,
    versioning,
    documents: { policy, lifecycle, cors, tags, encryption, lock },
  };
}

async function unlessDenied<T>(asked: Promise<T>): Promise<T | 'denied'> {
  try {
    return await asked;
  } catch (error) {
    if (error instanceof Fault && error.code === 'objects-denied') return 'denied';
    throw error;
  }
}

/**
 * Puts settings on another bucket, and reads them again.
 * @returns what that store does not take, and what is other than the set has it
 * @throws the signal's reason
 */
export async function restoreSettings(
  settings: BucketSettings,
  store: ObjectStore,
  bucket: string,
  signal: AbortSignal,
): Promise<Pick<Filled, 'lacking' | 'differences'>> {
  const lacking = new Map<string, string>();
  const attempt = async (name: string, set: () => Promise<'set' | 'unsupported' | undefined>) => {
    try {
      if ((await set()) !== 'set') lacking.set(name, 'the store has no such setting');
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof Fault)) throw error;
      lacking.set(name, error.message);
    }
  };
  // Before object lock, which needs it.
  const { versioning } = settings;
  if (versioning === 'enabled' || versioning === 'suspended') {
    await attempt('versioning', () => store.setVersioning(bucket, versioning, signal));
  }
  for (const name of restored) {
    const { text } = settings.documents[name];
    if (text === null) continue;
    const moved = movedText(name, text, settings.bucket, bucket);
    await attempt(name, () => store.setBucketDocument(bucket, name, moved, signal));
  }
  const found = await readSettings(store, bucket, signal);
  const differences = restored.flatMap((name): Difference[] => {
    const expected = normalText(name, settings.documents[name].text);
    const now = found.documents[name].text;
    const seen = normalText(name, now && movedText(name, now, bucket, settings.bucket));
    // A store may encrypt whatever it is given.
    const isOwn = name === 'encryption' && expected === 'none';
    // Nobody could read it when the set was made, which its manifest says.
    const isUnknown = settings.documents[name].outcome === 'denied';
    if (lacking.has(name) || isOwn || isUnknown || expected === seen) return [];
    return [{ what: `bucket ${name}`, name: settings.bucket, ...shown(expected, seen) }];
  });
  return {
    differences,
    lacking: [...lacking].map(([name, why]) => {
      return { what: `the setting ${name} of bucket ${settings.bucket}`, why };
    }),
  };
}

const shown = (expected: string, found: string) => {
  return { expected: expected.slice(0, 300), found: found.slice(0, 300) };
};

/** A policy names the bucket it is for; a lock is written in a form that all servers take. */
function movedText(name: BucketDocument, text: string, from: string, to: string): string {
  if (name === 'lock') return lockDocument(text);
  if (name !== 'policy') return text;
  const escaped = from.replaceAll('.', '\\.');
  return text.replaceAll(new RegExp(`(arn:[a-z-]+:s3:::)${escaped}(?=["/*])`, 'g'), `$1${to}`);
}

/** Without what servers choose as they like: space, order of members, names of the XML dialect. */
function normalText(name: BucketDocument, text: string | null): string {
  if (text === null) return 'none';
  if (name === 'encryption') return encryptionChoice(text);
  if (name === 'lock') return lockDocument(text);
  if (name !== 'policy') {
    return text
      .replace(/<\?xml[^>]*\?>/, '')
      .replaceAll(/\sxmlns(:\w+)?="[^"]*"/g, '')
      .replaceAll(/>\s+</g, '><')
      .trim();
  }
  try {
    return canonicalJson(JSON.parse(text));
  } catch {
    return text;
  }
}
