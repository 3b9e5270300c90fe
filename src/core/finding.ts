import { sha256Hex } from './digest.ts';
import type { Evidence } from './evidence.ts';

export type Severity = 'error' | 'warning' | 'info';

const severityRank = { info: 0, warning: 1, error: 2 } as const satisfies Record<Severity, number>;

export function atLeast(severity: Severity, threshold: Severity): boolean {
  return severityRank[severity] >= severityRank[threshold];
}

/** Where a finding stands: in a text file, or in a layer of an image. Lines and columns start at 1. */
export interface Location {
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** A path inside the document (`spec.template.spec.containers[0].image`) or inside the image. */
  readonly path?: string | undefined;
  /** Digest of the layer that holds `path`, unpacked; of its blob where the blob is what is wrong. */
  readonly layer?: string | undefined;
  /** Of an image: the step of its build that made what was found. */
  readonly origin?: Origin | undefined;
}

/** A step of an image's build, and whose it is. */
export interface Origin {
  /** Number of the layer it made, 1 for the lowest. */
  readonly layer?: number | undefined;
  /** The step, as the history of the image has it. */
  readonly step?: string | undefined;
  readonly owner: 'mine' | 'base' | 'unknown';
  /** What the owner is told by: layers that a given base has too, or a guess from the history. */
  readonly by: 'layers' | 'history' | 'nothing';
  /** Name of the base, where it is known. */
  readonly base?: string | undefined;
}

/** The Kubernetes object a finding is about. */
export interface ObjectRef {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string | null;
  readonly name: string;
}

/** Replaces a piece of a text file; lines and columns (UTF-16 code units) start at 1. */
export interface Edit {
  readonly file: string;
  readonly from: { readonly line: number; readonly column: number };
  /** Where the piece no longer goes. */
  readonly to: { readonly line: number; readonly column: number };
  readonly text: string;
}

/** Edits that mend a finding and change nothing else of what is deployed. */
export interface Fix {
  readonly description: string;
  readonly edits: readonly Edit[];
}

/** What a check returns: the engine adds message, severity, remediation and fingerprint. */
export interface Draft {
  readonly messageId: string;
  /** Values for the `{{name}}` places of the message. Never a secret. */
  readonly data?: Readonly<Record<string, string | number>>;
  readonly location: Location;
  readonly object?: ObjectRef;
  readonly evidence?: readonly Evidence[];
  readonly fix?: Fix | undefined;
  /** Only when it differs from the check's own severity. */
  readonly severity?: Severity;
  /**
   * What tells this finding from its siblings when lines move: by default the object, the file, the
   * path and the data.
   */
  readonly identity?: string;
}

export interface Finding {
  readonly check: string;
  readonly messageId: string;
  readonly severity: Severity;
  readonly message: string;
  readonly location: Location;
  readonly object: ObjectRef | null;
  readonly evidence: readonly Evidence[];
  readonly remediation: string;
  readonly fix?: Fix | undefined;
  /** Stable over line moves: 32 hex digits of SHA-256 over check, message id and identity. */
  readonly fingerprint: string;
  /** Id of the waiver that covers it. */
  readonly waivedBy: string | null;
}

/** Fills the `{{name}}` places of a message template; an unknown name is a bug and throws. */
export function fillTemplate(
  template: string,
  data: Readonly<Record<string, string | number>> = {},
): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_, name: string) => {
    const value = data[name];
    if (value === undefined) throw new Error(`message template needs {{${name}}}: ${template}`);
    return String(value);
  });
}

export function fingerprintOf(check: string, draft: Draft): string {
  const { object, location, data } = draft;
  const identity =
    draft.identity ??
    [
      object ? `${object.kind}/${object.namespace ?? ''}/${object.name}` : (location.file ?? ''),
      location.layer ?? '',
      location.path ?? '',
      JSON.stringify(data ?? {}),
    ].join('\0');
  return sha256Hex(`${check}\0${draft.messageId}\0${identity}`).slice(0, 32);
}
