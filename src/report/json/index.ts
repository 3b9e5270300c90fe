import type { ReportFormat } from '../format.ts';

/** The record itself, in the bytes the run store keeps. */
export const format: ReportFormat = {
  name: 'json',
  mediaType: 'application/json',
  extension: 'json',
  render: (record) => `${JSON.stringify(record, null, 2)}\n`,
};
