import type { BackupFigures } from './figures.ts';

interface Metric {
  readonly name: string;
  readonly help: string;
  /** None where there is nothing to measure: the metric is left out then. */
  readonly value: number | null | undefined;
}

/**
 * The figures for the textfile collector of node_exporter, in version 0.0.4 of Prometheus' text format.
 * Times of what never happened are 0, so that `time() - x` raises an alarm instead of nothing.
 */
export function exposition(figures: BackupFigures): string {
  const { environment, database } = figures;
  const labels = Object.entries({ environment, database })
    .flatMap(([name, value]) => (value === null ? [] : [`${name}="${escaped(value)}"`]))
    .join(',');
  return metricsOf(figures)
    .flatMap(({ name, help, value }) => {
      if (value === undefined || value === null) return [];
      const full = `deploycheck_backup_${name}`;
      return [
        `# HELP ${full} ${help}`,
        `# TYPE ${full} gauge`,
        `${full}${labels === '' ? '' : `{${labels}}`} ${value}`,
      ];
    })
    .map((line) => `${line}\n`)
    .join('');
}

function metricsOf(figures: BackupFigures): Metric[] {
  const { newest, verified, rehearsed, observedAt, limits } = figures;
  const metric = (name: string, help: string, value: Metric['value']): Metric => {
    return { name, help, value };
  };
  return [
    metric('sets', 'Backup sets that count.', figures.sets),
    metric(
      'unreadable_sets',
      'Backup sets whose manifest cannot be read, or is not signed as asked.',
      figures.unreadable,
    ),
    metric(
      'last_success_timestamp_seconds',
      'When the newest set was complete; 0 when there is none.',
      secondsOf(newest?.completedAt),
    ),
    metric(
      'last_instant_timestamp_seconds',
      'The time that the data of the newest set are of; 0 when there is none.',
      secondsOf(newest?.createdAt),
    ),
    metric(
      'age_seconds',
      'Age of the data of the newest set when this was written.',
      newest && (observedAt.getTime() - newest.createdAt.getTime()) / 1000,
    ),
    metric(
      'last_verified_timestamp_seconds',
      'When a set was last read whole and found good; 0 when never.',
      secondsOf(verified?.at),
    ),
    metric(
      'last_rehearsed_timestamp_seconds',
      'When the newest rehearsed set was restored and compared; 0 when never.',
      secondsOf(rehearsed?.at),
    ),
    metric(
      'rehearsed_instant_timestamp_seconds',
      'The time that the data of the newest rehearsed set are of; 0 when there is none.',
      secondsOf(rehearsed?.createdAt),
    ),
    metric(
      'rehearsed_age_seconds',
      'Age of the data of the newest rehearsed set when this was written.',
      rehearsed && (observedAt.getTime() - rehearsed.createdAt.getTime()) / 1000,
    ),
    metric('stored_bytes', 'Size of the newest set, without objects.', newest?.storedBytes),
    metric('object_bytes', 'Size of the objects of the newest set.', newest?.objectBytes),
    metric(
      'duration_seconds',
      'How long the newest set took to make.',
      newest && (newest.completedAt.getTime() - newest.createdAt.getTime()) / 1000,
    ),
    metric(
      'verify_duration_seconds',
      'How long the last good verification took.',
      verified && verified.durationMs / 1000,
    ),
    metric(
      'restore_duration_seconds',
      'How long restoring the newest rehearsed set took.',
      rehearsed && rehearsed.restoreMs / 1000,
    ),
    metric('age_limit_seconds', 'How old the newest set may be (sla.rpo).', limits.rpoMs / 1000),
    metric(
      'restore_limit_seconds',
      'How long restoring may take (sla.restore).',
      limits.restoreMs / 1000,
    ),
  ];
}

const secondsOf = (time: Date | undefined): number => (time ? time.getTime() / 1000 : 0);

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
