import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import * as Flags from '@oclif/core/flags';
import { exposition } from '../backup/figures/exposition.ts';
import { readFigures } from '../backup/figures/figures.ts';
import type { Observing } from '../backup/observe.ts';
import type { Repository } from '../backup/repository/repository.ts';
import type { BackupSystems } from '../backup/systems.ts';
import { writeFault } from '../core/fault.ts';
import { writeWhole } from '../core/write-whole.ts';

export const metricsFlag = {
  'metrics-file': Flags.string({
    description:
      'also write what is known of the backups for the textfile collector of Prometheus’ node_exporter',
    helpValue: 'FILE.prom',
  }),
};

export interface MetricsFlags {
  readonly 'metrics-file'?: string | undefined;
}

/** Before the work, which would be done for nothing. @throws Fault `output-unwritable` */
export async function requireMetricsPlace({ 'metrics-file': file }: MetricsFlags): Promise<void> {
  if (file === undefined) return;
  try {
    await access(dirname(file), constants.W_OK);
  } catch (error) {
    throw writeFault('output-unwritable', file, error);
  }
}

/**
 * All figures are those of the repository, so that commands that share a file do not take each other's
 * away.
 * @throws Fault `output-unwritable`, and those of the repository
 */
export async function writeMetrics(
  { 'metrics-file': file }: MetricsFlags,
  repository: Repository,
  { wanted, limits, distrusted }: Pick<Observing, 'wanted' | 'limits' | 'distrusted'>,
  { clock, signal }: Pick<BackupSystems, 'clock' | 'signal'>,
): Promise<void> {
  if (file === undefined) return;
  const seen = { limits, distrusted, observedAt: clock.now() };
  await writeWhole(file, exposition(await readFigures(repository, wanted, seen, signal)));
}
