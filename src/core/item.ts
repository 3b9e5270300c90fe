/** The twelve items of the checklist, in their order. */
export const itemIds = [
  'images',
  'provenance',
  'manifests',
  'resilience',
  'least-privilege',
  'configuration',
  'performance',
  'migrations',
  'backups',
  'simulation',
  'rollback',
  'operations',
] as const;

export type ItemId = (typeof itemIds)[number];

export type ItemStatus =
  | 'pass'
  | 'fail'
  | 'pending'
  | 'waived'
  | 'not-applicable'
  | 'stale'
  | 'error';

/** What a pending item waits for. */
export type PendingOn = 'person' | 'evidence' | 'environment';
