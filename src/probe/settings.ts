/** What one run changes about how the image asks to be run. */
export interface RunSettings {
  /** `UID:GID`; the image's when not given. */
  readonly user?: string;
  readonly readOnlyRoot?: boolean;
  /** Beside those of the request. */
  readonly writable?: readonly string[];
  /** All others are dropped; the usual ones when not given. */
  readonly capabilities?: readonly string[];
  readonly noNewPrivileges?: boolean;
  /** Bytes. */
  readonly memory?: number;
  readonly noNetwork?: boolean;
  /** Container whose volumes are used again. */
  readonly volumesFrom?: string;
}
