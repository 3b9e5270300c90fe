/** A file in the run folder that proves something, known by its digest. */
export interface Evidence {
  /** File name below `evidence/`. */
  readonly name: string;
  readonly mediaType: string;
  /** 64 lower-case hex digits. */
  readonly sha256: string;
  /** Bytes. */
  readonly size: number;
  /** ISO 8601, UTC. */
  readonly obtainedAt: string;
  /** The command or API call, with versions, that a person can repeat. */
  readonly how: string;
}

/** Where checks and items leave evidence; the run store keeps it, a dry engine run drops it. */
export interface EvidenceSink {
  add(entry: {
    name: string;
    mediaType: string;
    content: string | Uint8Array;
    how: string;
  }): Promise<Evidence>;
}
