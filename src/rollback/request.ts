import type { Kube } from '../adapters/kube/kube.ts';
import type { Database } from '../adapters/postgres/postgres.ts';
import type { ProcessRunner } from '../adapters/process/process.ts';
import type { Registry } from '../adapters/registry/registry.ts';
import type { Clock } from '../core/clock.ts';
import type { HealthProbe } from '../simulate/request.ts';
import type { Proof } from './history.ts';
import type { WorkloadName } from './observation.ts';
import type { ReleaseWorkload } from './release.ts';

export interface RollbackService {
  readonly name: string;
  /** Folder of its migrations, relative to the root; undefined when it has none. */
  readonly migrations: string | undefined;
}

export interface RollbackRequest {
  readonly workloads: readonly WorkloadName[];
  /** A release that is about to come: the way back is to what runs now. Null to leave what runs. */
  readonly release: readonly ReleaseWorkload[] | null;
  readonly namespace: string;
  /** Of a single workload. */
  readonly toRevision: number | undefined;
  /** Null when nothing says whether there are migrations. */
  readonly services: readonly RollbackService[] | null;
  /** Folder that paths are relative to. */
  readonly root: string;
  /** Folder or git ref of the release to go back to. */
  readonly from: string | undefined;
  readonly keepSchema: boolean;
  readonly deleteStuck: boolean;
  /** Seconds, `sla.rollback`. */
  readonly limitSeconds: number;
  /** Seconds that everything has to stay well before it counts. */
  readonly settleSeconds: number;
  /** Seconds that a workload may take to become well. */
  readonly patienceSeconds: number;
  /** By workload name. */
  readonly health: ReadonlyMap<string, readonly HealthProbe[]>;
  /** What earlier runs saw healthy. */
  readonly proofs: readonly Proof[];
}

export interface RollbackContext {
  readonly kube: Kube;
  readonly processes: ProcessRunner;
  /** With the credentials of pull secrets, each the text of a Docker configuration. */
  readonly registry: (dockerConfigs: readonly string[]) => Promise<Registry>;
  /** Undefined when no database is configured. */
  readonly database: ((signal: AbortSignal) => Promise<Database>) | undefined;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Told how it gets on, one line each. */
  readonly say: (line: string) => void;
  /** Told what a person has to know however quiet the run is. */
  readonly warn: (line: string) => void;
}
