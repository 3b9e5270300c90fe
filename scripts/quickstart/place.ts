/** Where the checklist is run, and on what. */
export interface Place {
  /** Folder with a deploycheck.yaml. */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  /** Commands that make the evidence the checklist looks for. */
  readonly before: readonly (readonly string[])[];
  /** Flags of the checklist itself. */
  readonly flags: readonly string[];
}
