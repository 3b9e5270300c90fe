import type { BucketPart, Missing } from '../set/manifest.ts';
import type { BucketSource } from '../sources.ts';
import type { BucketSettings } from './bucket-settings.ts';

/** What a set does not have of a bucket. */
export function bucketMissing(
  part: Pick<BucketPart, 'name' | 'versions' | 'etags'>,
  source: Pick<BucketSource, 'versions' | 'tags'> | undefined,
  settings: BucketSettings,
): Missing[] {
  return [
    ...versionsMissing(part, source),
    ...tagsMissing(part, source),
    ...settingsMissing(part, settings),
    ...proofMissing(part),
  ];
}

/** A bucket that has none of a setting, or a store without it, lacks nothing. */
function settingsMissing(
  { name }: Pick<BucketPart, 'name'>,
  { versioning, documents }: BucketSettings,
): Missing[] {
  const denied = Object.entries(documents).filter(([, { outcome }]) => outcome === 'denied');
  const settings = denied.map(([setting]) => setting);
  return [...(versioning === 'denied' ? ['versioning'] : []), ...settings].map((setting) => ({
    what: `the setting ${setting} of bucket ${name}`,
    why: unreadable,
  }));
}

const unreadable = 'the store does not let these keys read it';

function tagsMissing(
  { name }: Pick<BucketPart, 'name'>,
  source: Pick<BucketSource, 'tags'> | undefined,
): Missing[] {
  if (source?.tags) return [];
  const why = `they take a request each; buckets.${name}.tags asks for them`;
  return [{ what: `tags of the objects of ${name}`, why }];
}

/** Where no ETag is an MD5 they say nothing; where some are, the others are worth a look. */
function proofMissing({ name, etags }: Pick<BucketPart, 'name' | 'etags'>): Missing[] {
  if (!etags || etags.other === 0 || etags.proven === 0) return [];
  const what = `proof that ${etags.other} objects of ${name} are what was once sent there`;
  const why = 'read twice, they have not the MD5 that their ETag tells: etagProves in the listing';
  return [{ what, why }];
}

/** Of its versions, and of who may read them. */
function versionsMissing(
  { name, versions }: Pick<BucketPart, 'name' | 'versions'>,
  source: Pick<BucketSource, 'versions'> | undefined,
): Missing[] {
  const acl = { what: `ACL of the objects of ${name}`, why: 'they are not copied' };
  if (!versions) {
    const why = source?.versions
      ? 'the store has no versions'
      : `only current objects are copied; buckets.${name}.versions: all asks for them`;
    return [{ what: `earlier versions of the objects of ${name}`, why }, acl];
  }
  const { unordered, unprotected } = versions;
  return [
    {
      what: `ids and times of the versions of ${name}`,
      why: 'a store gives its own; a restore keeps their order',
    },
    ...(unordered > 0
      ? [
          {
            what: `the order of versions and delete markers of ${unordered} keys of ${name}`,
            why: 'the server lists them apart, and their times do not tell',
          },
        ]
      : []),
    ...(unprotected > 0
      ? [
          {
            what: `retention and legal hold of ${unprotected} versions of ${name}`,
            why: 'the server does not let these keys ask for them',
          },
        ]
      : []),
    acl,
  ];
}
