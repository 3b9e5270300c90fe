import type { Kube } from '../adapters/kube/kube.ts';
import type { Clock } from '../core/clock.ts';
import type { EvidenceSink } from '../core/evidence.ts';
import type { Scope } from '../core/scope.ts';
import type { ManifestObject, ManifestSet } from '../validators/manifest/load.ts';
import type { Behaviour } from './behaviour/declared.ts';
import type { EgressRequest } from './close-egress.ts';
import type { ReadinessRule } from './custom.ts';
import type { AnswerExpected } from './health.ts';
import type { StepRecord } from './observation.ts';

/** One object of the release. */
export interface ReleaseObject {
  readonly value: Readonly<Record<string, unknown>>;
  readonly file: string | null;
  readonly line: number | null;
  /** The service of deploycheck.yaml that brings it; null when none does. */
  readonly service: string | null;
  /** Where a part of it stands in the file. */
  readonly locate?: ManifestObject['locate'];
}

export interface HealthProbe extends AnswerExpected {
  readonly path: string;
  /** 200 when not given. */
  readonly status?: number | undefined;
}

export interface HealthTarget {
  /** Name of a service of deploycheck.yaml, or of a Service of the release. */
  readonly service: string;
  readonly probes: readonly HealthProbe[];
  readonly behaviour?: Behaviour | undefined;
}

/** What stands in the sandbox for a Secret that the release references and does not bring. */
export type SecretSource =
  /** Of these keys; of all when not given. */
  | { readonly from: 'copy'; readonly keys?: readonly string[] }
  /** Random values for the keys that the release asks for. */
  | { readonly from: 'generated' }
  | { readonly from: 'values'; readonly values: Readonly<Record<string, string>> };

export interface Deadlines {
  /** Milliseconds from the apply until everything is ready. */
  readonly readyMs: number;
  /** Milliseconds until the sandbox is gone. */
  readonly cleanUpMs: number;
}

export const defaultDeadlines: Deadlines = { readyMs: 300_000, cleanUpMs: 120_000 };
export const defaultSoakMs = 30_000;

export interface SimulateRequest {
  readonly objects: readonly ReleaseObject[];
  /** Parts of the release that could not be read as manifests. */
  readonly leftOut: readonly { readonly what: string; readonly why: string }[];
  readonly kube: Kube;
  /** The namespace whose shape is copied and which the release is compared with. */
  readonly targetNamespace: string;
  readonly health: readonly HealthTarget[];
  readonly deadlines: Deadlines;
  /** Milliseconds that ready pods are watched and measured. */
  readonly soakMs: number;
  /** Dry-run against the target itself, and nothing written. */
  readonly diffOnly: boolean;
  /** By name of the Secret. */
  readonly secrets: ReadonlyMap<string, SecretSource>;
  /** Other images for the sandbox, by image name without tag and digest. */
  readonly images: ReadonlyMap<string, string>;
  /** At most so many pods of a workload; undefined for as many as it asks for. */
  readonly replicas?: number | undefined;
  readonly egress: EgressRequest;
  /** For custom resources that do not follow the conventions. */
  readonly readiness: readonly ReadinessRule[];
  /** One object after the other, each when the one before is ready. */
  readonly sequential: boolean;
  /** Whether to look into the containers, try tighter settings, and end a pod of each workload. */
  readonly inspect: boolean;
  /** The kubeconfig that was named, for a later clean-up. */
  readonly kubeconfig?: string | undefined;
  readonly toolVersion: string;
}

export type SimulateEvent =
  | { readonly type: 'step-started'; readonly name: string }
  | { readonly type: 'step-ended'; readonly step: StepRecord }
  /** One line for a person. */
  | { readonly type: 'note'; readonly text: string };

export interface SimulateContext {
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  readonly scope: Scope;
  /** Passes every text that becomes evidence. */
  readonly redact: (text: string) => string;
  readonly onEvent: (event: SimulateEvent) => void;
}

/** The objects of a loaded manifest set. @param service whose they are in deploycheck.yaml */
export function releaseObjects(set: ManifestSet, service: string | null = null): ReleaseObject[] {
  return set.objects.map(({ value, file, locate }) => ({
    value,
    file,
    line: locate([]).line,
    service,
    locate,
  }));
}
