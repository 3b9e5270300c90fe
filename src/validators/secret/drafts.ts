import type { Draft, Location } from '../../core/finding.ts';
import type { Hit, ScanResult } from './scan.ts';
import type { Confidence } from './shapes/shape.ts';

/** Message templates for {@link draftsOfScan}. */
export const scanMessages = {
  secret: '{{place}} holds {{title}}: {{masked}}',
  'doubtful-secret':
    '{{place}} holds what looks like {{title}}: {{masked}}, but its checksum does not hold or it serves this machine only',
  'possible-secret': '{{place}} holds {{title}}, and it looks like chance made it',
  'more-secrets': '{{place}} holds {{count}} more secrets that are not listed',
} as const;

export interface Place {
  /** Begins the message: a path, "the variable X of the image". */
  readonly name: string;
  readonly location: Location;
  /** True when a hit's line and column are lines and columns of the location. */
  readonly isFile?: boolean;
}

/** One draft a hit; one that fails its checksum is a warning. No draft carries a value. */
export function draftsOfScan(scan: ScanResult, place: Place): Draft[] {
  const drafts = scan.hits.map((hit) => draftOfHit(hit, place));
  if (scan.leftOut === 0) return drafts;
  const data = { count: scan.leftOut, place: place.name };
  return [...drafts, { messageId: 'more-secrets', location: place.location, data }];
}

const messageIds = {
  verified: 'secret',
  likely: 'secret',
  doubtful: 'doubtful-secret',
  possible: 'possible-secret',
} as const satisfies Record<Confidence, keyof typeof scanMessages>;

function draftOfHit(hit: Hit, { name, location, isFile }: Place): Draft {
  const { shape } = hit;
  // A value that a person chose stays out, even hashed: it could be guessed from the fingerprint.
  const valueHash = hit.chosen ? '' : hit.valueHash;
  const messageId = messageIds[hit.confidence];
  const position =
    isFile && hit.line !== null && hit.column !== null
      ? { line: hit.line, column: hit.column }
      : {};
  return {
    messageId,
    ...(messageId === 'secret' ? {} : { severity: 'warning' as const }),
    data: { title: hit.title, place: name, masked: hit.masked },
    location: { ...location, ...position },
    identity: [
      shape,
      valueHash,
      location.layer ?? '',
      location.file ?? '',
      location.path ?? '',
    ].join('\0'),
  };
}
