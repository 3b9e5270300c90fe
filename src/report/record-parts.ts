import type { RunRecord } from '../core/record.ts';

/** Names for the parts of a record that `core` leaves unnamed. */
export type FindingRecord = RunRecord['findings'][number];
export type OutcomeRecord = RunRecord['outcomes'][number];
export type Measurement = RunRecord['measurements'][number];
export type Series = RunRecord['series'][number];
export type EvidenceRecord = FindingRecord['evidence'][number];
