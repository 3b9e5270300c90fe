/**
 * `verified`: a checksum or structure inside the value holds, so chance is ruled out. `likely`: the
 * shape alone speaks for it. `doubtful`: the checksum does not hold or the place is harmless; shown
 * as a warning, because issuers have changed their formats before. `possible`: the name it is given to
 * says secret, and nothing else does; a warning, too.
 */
export type Confidence = 'verified' | 'likely' | 'doubtful' | 'possible';

/** What one kind of credential looks like. */
export interface Shape {
  readonly id: string;
  /** Completes the sentence "… found": "a GitHub token". */
  readonly title: string;
  /** Byte strings of three or more of which one stands where `pattern` begins; they carry the whole search. */
  readonly anchors: readonly string[];
  /**
   * Sticky, tried at the anchor on Latin-1 text. Every repeat is bounded and no two neighbouring
   * repeats accept the same character, so that it takes linear time. The group `secret`, or else the
   * whole match, is the value.
   */
  readonly pattern: RegExp;
  /** True when the anchors are names: then `pattern` is tried on the value that is assigned to the name. */
  readonly assigned?: true;
  /**
   * Whether the pattern may hold, by the bytes from just behind the anchor on: asked where an anchor stands in much text,
   * because it takes less than the pattern.
   */
  readonly glance?: (bytes: Uint8Array, behind: number) => boolean;
  /** Bytes from the anchor on that the pattern may need; 512 when left out. */
  readonly reach?: number;
  /** Bits per character (Shannon) below which the value is a placeholder. */
  readonly entropy?: number;
  /** False for values in which long runs are normal; otherwise placeholders are left out. */
  readonly placeholders?: false;
  /** True when a person chose the value: then not one character of it is shown. */
  readonly chosen?: true;
  /** Judges a match; undefined says it is no secret at all. Default `likely`. */
  readonly judge?: (match: RegExpExecArray, name: string) => Confidence | undefined;
  /** Completes the title by what the value tells about itself, never by the value. */
  readonly detail?: (secret: string) => string | undefined;
  /** What stands before an anchor that is too short to be known by in base64; each makes it longer. */
  readonly encodedHeads?: readonly string[];
  /** True when the value is a private key, which certificates may belong to. */
  readonly holdsKey?: true;
  /** Where the issuer describes the form; without one, the rules of gitleaks that are named publish it. */
  readonly source?: string;
  /** Ids of the rules of gitleaks that look for the same. */
  readonly gitleaks?: readonly string[];
}

/** Bytes that all but a few patterns can do with. */
export const ordinaryReach = 512;
