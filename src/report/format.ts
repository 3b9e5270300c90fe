import type { Severity } from '../core/finding.ts';
import type { RunRecord } from '../core/record.ts';

/** What a report says about a rule beyond its findings. The caller passes it, since reports import `core` alone. */
export interface RuleInfo {
  /** `<family>/<folder>`, as in a finding's `check`. */
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  readonly why: string;
  readonly remediation: string;
  readonly references: readonly string[];
  /** Path or absolute URL of the rule's page. */
  readonly page: string;
}

export interface ReportOptions {
  /** Whether the reader shows ANSI colours; only `text` asks. */
  readonly color: boolean;
  /** Columns of the terminal; only `text` asks. */
  readonly width: number;
  readonly rules: readonly RuleInfo[];
  /** Adds what is rarely read: fingerprints, evidence, causes of faults. */
  readonly verbose: boolean;
}

/**
 * One way to show a record. `render` is a pure function: no clock, no environment, no file; the same
 * record and options give the same bytes.
 */
export interface ReportFormat {
  readonly name: string;
  readonly mediaType: string;
  /** Without the leading dot. */
  readonly extension: string;
  render(record: RunRecord, options: ReportOptions): string;
}
