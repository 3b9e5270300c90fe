import type { Git } from '../../adapters/git/git.ts';
import type { ProcessRunner } from '../../adapters/process/process.ts';
import type { Environment } from '../../config/environment.ts';
import type { LoadedConfig } from '../../config/load.ts';
import type { EvidenceSink } from '../../core/evidence.ts';
import type { Scope } from '../../core/scope.ts';
import type { TargetKind } from '../../core/target.ts';
import type { ImageSystems } from '../../validators/image/load.ts';
import type { ManifestSet } from '../../validators/manifest/load.ts';
import type { ServerRulesOptions } from '../../validators/manifest/server-rules/options.ts';
import type { Loaded, Observer } from './loaded.ts';

export interface TargetContext {
  readonly config: LoadedConfig;
  /** What the manifests have to be valid for. */
  readonly environment: Environment | undefined;
  /** What renders charts and kustomizations. */
  readonly processes: ProcessRunner;
  readonly git: Git;
  /** What knows images by name. */
  readonly imageSystems: ImageSystems;
  readonly scope: Scope;
  readonly evidence: EvidenceSink;
  readonly signal: AbortSignal;
  /** How manifests are judged by the rules of the API server. */
  readonly serverRules?: ServerRulesOptions;
  /** Adds what the cluster has to the manifests; they come back as they are when none is configured. */
  readonly complete?: (manifests: ManifestSet) => Promise<ManifestSet>;
  /** The kinds that come from live systems. */
  readonly observers?: Readonly<Partial<Record<TargetKind, Observer>>>;
}

/**
 * Loads what the configuration names of one kind.
 * @param of what there is of another kind, which is loaded once for all that ask
 */
export type Loader = (
  context: TargetContext,
  of: (kind: TargetKind) => Promise<readonly Loaded[]>,
) => Promise<readonly Loaded[]>;
