import type { RunRecord } from '../core/record.ts';
import { fileText } from './location-text.ts';
import { byLocation } from './order.ts';

export type SuppressedRecord = NonNullable<RunRecord['suppressed']>[number];

/** What was suppressed, in the order of the places of the findings. */
export function suppressedOf({ suppressed = [] }: RunRecord): readonly SuppressedRecord[] {
  const byFinding = new Map(suppressed.map((entry) => [entry.finding, entry]));
  return byLocation([...byFinding.keys()]).flatMap((finding) => byFinding.get(finding) ?? []);
}

/** `comment, deploy/web.yaml:12:9`: what suppressed a finding, and where it is written. */
export function suppressorText({ by, where }: SuppressedRecord): string {
  const place = fileText({ location: where });
  return place === undefined ? by : `${by}, ${place}`;
}

export const untilText = ({ until }: SuppressedRecord): string => until ?? 'no end';
