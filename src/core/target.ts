export type TargetKind =
  | 'image'
  | 'imageEvidence'
  | 'dockerfile'
  | 'manifestSet'
  | 'fileSet'
  | 'migrationSet'
  | 'database'
  | 'bucket'
  | 'service'
  | 'release'
  | 'simulation'
  | 'container'
  | 'imageRun'
  | 'backupSet'
  | 'rollbackPlan'
  | 'migrationRehearsal';

/**
 * What checks look at. Families extend it with what they read (`ManifestSet`, `Image` …). Loaded
 * once, known by digest, never changed.
 */
export interface Target {
  readonly kind: TargetKind;
  /** Short name for people: a path, an image reference. */
  readonly name: string;
  /** `sha256:…` over the bytes examined; a git commit is `sha1:…` or `sha256:…`. */
  readonly digest: string;
  /** What fingerprints of findings call it, whatever way it was named; `name` when undefined. */
  readonly identity?: string;
  /** Where it came from, so that a later verification can read it again. */
  readonly source: string;
}
