import { DatabaseError } from 'pg';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import type { FaultCode } from '../../core/fault-codes.ts';
import type { DatabaseSettings, QueryRefusal } from './postgres.ts';
import { describeSettings } from './settings.ts';

/** A statement that the server refused. No Fault: the server was asked, and it answered. */
export class QueryRefused extends Error {
  override readonly name = 'QueryRefused';
  readonly refusal: QueryRefusal;

  constructor(refusal: QueryRefusal, cause?: unknown) {
    super(`${refusal.message} (SQLSTATE ${refusal.sqlState})`, { cause });
    this.refusal = refusal;
  }
}

export const refusalOf = (error: unknown): QueryRefusal | undefined =>
  error instanceof QueryRefused ? error.refusal : undefined;

/**
 * SQLSTATEs after which the server has ended the connection: connection exceptions, shutdown, crash,
 * dropped database, the two idle timeouts (PostgreSQL manual, appendix A).
 */
const connectionEnded = /^(?:08...|57P0[1-5]|25P03|25P04)$/;

/** What an error of a statement on an open connection is: a refusal, or a Fault. */
export function statementError(settings: DatabaseSettings, error: unknown): QueryRefused | Fault {
  if (error instanceof DatabaseError && !connectionEnded.test(error.code ?? '')) {
    return new QueryRefused(refusalFrom(error), error);
  }
  const why = oneLine(messageOf(error));
  return fault('database-failed', settings, `the connection was lost: ${why}`, error);
}

/**
 * Refusals that say nothing about the statement itself: too little memory or disk, cancelled by a
 * timeout or a person, a lock not given in time, a broken file, a bug of the server.
 */
const gaveUp = /^(?:53...|57014|55P03|58...|XX...)$/;
const insufficientPrivilege = '42501';

/** For callers that expect their statement to be taken. */
export function unexpectedRefusal(
  settings: DatabaseSettings,
  error: QueryRefused,
): QueryRefused | Fault {
  const { sqlState } = error.refusal;
  const code = gaveUp.test(sqlState)
    ? 'database-failed'
    : sqlState === insufficientPrivilege
      ? 'database-denied'
      : undefined;
  return code === undefined ? error : fault(code, settings, oneLine(error.message), error);
}

/** Starting up, or no connection free. */
const notNow = /^(?:57P03|53...)$/;

/** A password is asked for; thrown where pg asks us for it. */
export function passwordMissing(settings: DatabaseSettings): Fault {
  const note = settings.passwordNote === undefined ? '' : ` (${settings.passwordNote})`;
  const why = `the server asks for a password, and none is known${note}`;
  return fault('database-denied', settings, why);
}

/** Why no connection came about. */
export function connectError(settings: DatabaseSettings, error: unknown): Fault {
  if (error instanceof Fault) return error;
  const message = oneLine(messageOf(error));
  if (error instanceof DatabaseError) {
    const code = notNow.test(error.code ?? '') ? 'database-unreachable' : 'database-denied';
    return fault(code, settings, message, error);
  }
  // pg gives its own errors no code.
  if (message.startsWith('SASL')) return fault('database-denied', settings, message, error);
  if (refusesTls(error)) return fault('database-denied', settings, message, error);
  if (isTlsError(error)) return fault('database-denied', settings, `TLS: ${message}`, error);
  const why = message === 'timeout expired' ? 'no answer in time' : message || systemCode(error);
  return fault('database-unreachable', settings, why ?? 'no answer', error);
}

export const refusesTls = (error: unknown): boolean =>
  error instanceof Error && /does not support SSL connections/.test(error.message);

/** Codes of OpenSSL's X.509 verification, of Node's TLS, and of the handshake. */
const isTlsError = (error: unknown): boolean =>
  /^(?:ERR_TLS_|ERR_SSL_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HOSTNAME_|EPROTO)/.test(
    systemCode(error) ?? '',
  );

function fault(code: FaultCode, settings: DatabaseSettings, why: string, cause?: unknown): Fault {
  return new Fault(code, `${describeSettings(settings)}: ${why}`, { cause });
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ');

function refusalFrom(error: DatabaseError): QueryRefusal {
  const { code = '', message, detail, hint, position, schema, table, column, constraint } = error;
  return {
    sqlState: code,
    message,
    ...(detail === undefined ? {} : { detail }),
    ...(hint === undefined ? {} : { hint }),
    ...(position === undefined ? {} : { position: Number(position) }),
    ...(schema === undefined ? {} : { schema }),
    ...(table === undefined ? {} : { table }),
    ...(column === undefined ? {} : { column }),
    ...(constraint === undefined ? {} : { constraint }),
  };
}
