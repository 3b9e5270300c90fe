import type { Clock } from './clock.ts';
import type { EvidenceSink } from './evidence.ts';
import type { Draft, Severity } from './finding.ts';
import type { ItemId } from './item.ts';
import type { Target } from './target.ts';

/** An input that shows a rule at work; the documentation prints it and the tests run it. */
export interface Example {
  /**
   * How `text` becomes a target: YAML manifests, a JSON image recipe, a plain file, a Dockerfile, the JSON of
   * what differs from a healthy observation, or a JSON of documents about an image.
   */
  readonly language: 'yaml' | 'image-recipe' | 'text' | 'observation' | 'dockerfile' | 'evidence';
  readonly text: string;
  /** What manifests or a Dockerfile stand beside; nothing when left out. */
  readonly beside?: {
    /** What the configuration declares under `manifests.external`. */
    readonly external?: readonly string[];
    /** A cluster was looked at, and has nothing but what every cluster has. */
    readonly emptyCluster?: true;
    /** Lines of the .dockerignore. */
    readonly ignored?: readonly string[];
    /** The configuration of the image that was built, as the image has it. */
    readonly image?: Readonly<Record<string, unknown>>;
  };
  /** Options of the rule that the example is run with; none when undefined. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** What the rule says about it, in order; empty for a good example. */
  readonly findings: readonly {
    readonly messageId: string;
    readonly line?: number;
    readonly column?: number;
  }[];
}

export interface CheckMeta {
  /** What goes wrong in production when the rule is broken: one or two sentences. */
  readonly why: string;
  /** Message templates by id, with `{{name}}` places. */
  readonly messages: Readonly<Record<string, string>>;
  readonly remediation: string;
  readonly bad: Example;
  readonly good: Example;
  /** The rule's own options, by name; `rules.options` may set these and no others. */
  readonly options?: Readonly<Record<string, string>>;
  /** Specifications and documents the rule stands on. */
  readonly references: readonly string[];
  /** False when no waiver may cover a finding: secrets and damaged images. */
  readonly waivable?: false;
  /** True where suppressions hold outside of a checklist although no waiver covers a finding. */
  readonly suppressible?: true;
}

export interface CheckContext<T extends Target> {
  readonly target: T;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly evidence: EvidenceSink;
  /** The rule's own options from `rules.options`, unvalidated. */
  readonly options: Readonly<Record<string, unknown>>;
  /**
   * Says that part of the target was not looked at. A check that says so ends inconclusive, never pass,
   * whatever it finds.
   */
  notExamined(what: string, why: string): void;
  /** Says that the check is not meant for this target: it counts as switched off, and the record says why. */
  skip(why: string): void;
}

/**
 * Sets of rules that `rules.preset` names. `default` holds what breaks or blocks a release, `recommended`
 * adds what most teams want, `strict` adds opinions; `cis` is `default` and what a recommendation of the
 * CIS Kubernetes Benchmark asks for.
 */
export const presets = ['default', 'recommended', 'strict', 'cis'] as const;
export type Preset = (typeof presets)[number];

/** One rule. `id` is `<family>/<folder>`. */
export interface Check<T extends Target = Target> {
  readonly id: string;
  readonly title: string;
  readonly severity: Severity;
  /** The smallest preset that holds the rule; `default` when undefined. Greater ones hold it too. */
  readonly preset?: 'recommended' | 'strict';
  /** Recommendations of the CIS Kubernetes Benchmark that it stands for, such as `5.2.2`. */
  readonly cis?: readonly string[];
  /** Whether a finding blocks the checklist item it belongs to. */
  readonly critical: boolean;
  readonly item: ItemId;
  readonly appliesTo: T['kind'];
  readonly meta: CheckMeta;
  run(context: CheckContext<T>): readonly Draft[] | Promise<readonly Draft[]>;
}
