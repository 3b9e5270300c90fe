/** What an object lock configuration says (S3 API reference, ObjectLockConfiguration). */
interface LockDocument {
  readonly enabled: boolean;
  /** Element and text of each part of the default retention. */
  readonly retention: readonly (readonly [name: string, text: string])[];
}

/** Both documents say each thing once. */
const elementOf = (text: string, name: string): string | undefined =>
  new RegExp(`<${name}>\\s*([^<]*?)\\s*</${name}>`).exec(text)?.[1];

function parsed(text: string): LockDocument {
  return {
    enabled: elementOf(text, 'ObjectLockEnabled') === 'Enabled',
    retention: ['Mode', 'Days', 'Years'].flatMap((name) => {
      const found = elementOf(text, name);
      return found === undefined ? [] : [[name, found] as const];
    }),
  };
}

/** Whether a bucket has object lock: it can be had only when a bucket is made. */
export const isLocked = (text: string | null): boolean => text !== null && parsed(text).enabled;

/** The document in one form, for servers write it in several, and not all take all of them. */
export function lockDocument(text: string): string {
  const { enabled, retention } = parsed(text);
  const parts = retention.map(([name, value]) => `<${name}>${value}</${name}>`).join('');
  const rule = parts === '' ? '' : `<Rule><DefaultRetention>${parts}</DefaultRetention></Rule>`;
  const state = enabled ? '<ObjectLockEnabled>Enabled</ObjectLockEnabled>' : '';
  return `<ObjectLockConfiguration>${state}${rule}</ObjectLockConfiguration>`;
}

/** Of a bucket with object lock that gives no retention. */
export const lockWithoutRetention = lockDocument('<ObjectLockEnabled>Enabled</ObjectLockEnabled>');

/** What an encryption configuration chooses; servers add what is so anyway. */
export function encryptionChoice(text: string): string {
  const [algorithm, key, bucketKey] = ['SSEAlgorithm', 'KMSMasterKeyID', 'BucketKeyEnabled'].map(
    (name) => elementOf(text, name),
  );
  return [algorithm ?? 'none', key ?? '', bucketKey === 'true' ? 'bucket key' : '']
    .join(' ')
    .trim();
}
