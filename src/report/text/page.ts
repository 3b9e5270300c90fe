import type { RunRecord } from '../../core/record.ts';
import type { Paint } from './paint.ts';

/** What every section is made from. */
export interface Page {
  readonly record: RunRecord;
  readonly paint: Paint;
  /** Columns. */
  readonly width: number;
  readonly verbose: boolean;
}

/** A section is its lines; one without content has none. */
export type Section = (page: Page) => readonly string[];

/** Heading and body, or nothing when the body is empty. */
export function titled(page: Page, title: string, body: readonly string[]): string[] {
  return body.length === 0 ? [] : [page.paint('strong', title), ...body];
}
