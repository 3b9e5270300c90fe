import type { BucketPart, Missing } from '../set/manifest.ts';
import type { BucketSource } from '../sources.ts';

/** What a set does not have of the versions of a bucket, and of who may read them. */
export function versionsMissing(
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
