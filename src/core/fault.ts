import type { ExitCode } from './exit.ts';
import { type FaultCode, type FaultEntry, faultCodes } from './fault-codes.ts';

/**
 * "Could not look." A finding says the release is wrong; a fault says that deploycheck was unable to
 * find out. Anything thrown that is not a Fault is a bug in deploycheck.
 */
export class Fault extends Error {
  override readonly name = 'Fault';
  readonly code: FaultCode;

  constructor(code: FaultCode, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.code = code;
  }

  get entry(): FaultEntry {
    return faultCodes[this.code];
  }

  get exit(): ExitCode {
    return this.entry.exit;
  }
}

/** A fault as the record keeps it; `internal` stands for a bug, whose stack is kept in the cause. */
export interface FaultRecord {
  /** A {@link FaultCode}, or `internal`. */
  readonly code: string;
  readonly who: FaultEntry['who'] | 'deploycheck';
  readonly message: string;
  readonly hint: string;
  readonly page: string;
  readonly cause: string | null;
}

export function faultRecord(error: unknown): FaultRecord {
  if (error instanceof Fault) {
    return {
      code: error.code,
      who: error.entry.who,
      message: error.message,
      hint: error.entry.hint,
      page: `docs/faults.md#${error.code}`,
      cause: error.cause === undefined ? null : messageOf(error.cause),
    };
  }
  return {
    code: 'internal',
    who: 'deploycheck',
    message: messageOf(error),
    hint: 'This is a bug in deploycheck; report it with the cause below.',
    page: 'docs/faults.md#internal',
    cause: error instanceof Error ? (error.stack ?? null) : null,
  };
}

/** The exit code of a recorded fault; a code this version does not know counts as the environment's. */
export function exitOfFault(code: string): ExitCode {
  if (code === 'internal') return 70;
  return isFaultCode(code) ? faultCodes[code].exit : 5;
}

function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultCodes, code);
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The `code` of a Node system error (`ENOENT`, `ENOSPC` …), or undefined. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined;
}

const writeReasons: Readonly<Record<string, string>> = {
  ENOSPC: 'no space left on the device',
  EDQUOT: 'the disk quota is used up',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  // A recursive mkdir on a read-only file system ends in this code, too.
  ENOENT: 'it cannot be created: the file system is read-only, or a folder above is missing',
  ENOTDIR: 'a part of the path is a file',
};

/** Why a write failed, in words; undefined when the error is not one of writing. */
export function writeReason(error: unknown): string | undefined {
  const code = systemCode(error);
  return code === undefined ? undefined : writeReasons[code];
}

/** The fault of a write that failed, naming the place and the reason. */
export function writeFault(
  code: 'output-unwritable' | 'run-folder-unwritable',
  place: string,
  error: unknown,
): Fault {
  return new Fault(code, `${place}: ${writeReason(error) ?? messageOf(error)}`, { cause: error });
}
