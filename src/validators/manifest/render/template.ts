import type { ProcessRunner } from '../../../adapters/process/process.ts';
import type { ParsedFile } from '../parse.ts';

/** What manifests are made of by another program. */
export type Template = HelmChart | Kustomization;

export interface HelmChart {
  readonly kind: 'helm';
  /** Folder with a `Chart.yaml`; relative to the root, like every path here. */
  readonly chart: string;
  readonly values: readonly string[];
  /** As `--set` takes them, by their path. */
  readonly set: Readonly<Record<string, string>>;
  readonly release: string;
  readonly namespace?: string | undefined;
}

export interface Kustomization {
  readonly kind: 'kustomize';
  /** With a `kustomization.yaml`. */
  readonly folder: string;
}

export interface RenderSystems {
  readonly processes: Pick<ProcessRunner, 'run'>;
  /** Paths are resolved against this folder and shown relative to it. */
  readonly root: string;
  /** Charts may ask for it. */
  readonly kubeVersion?: string | undefined;
  readonly signal: AbortSignal;
}

export interface Rendered {
  /** Their objects stand where they are written: in templates, or in what a kustomization names. */
  readonly parsed: readonly ParsedFile[];
  /** All that the program wrote. */
  readonly text: string;
}

/** The folder or chart, as a person calls it. */
export const placeOf = (template: Template): string =>
  template.kind === 'helm' ? template.chart : template.folder;
