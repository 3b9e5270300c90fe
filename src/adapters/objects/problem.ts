import type { IncomingHttpHeaders } from 'node:http';
import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import type { ObjectStoreSettings } from './objects.ts';
import { parseXml, textOf } from './xml.ts';

/** What a server says in an answer that is not the one wished for. */
export interface Problem {
  readonly status: number;
  /** As S3 names it; empty when the answer says none. */
  readonly code: string;
  readonly message: string;
  /** Where the bucket is, when that is the matter. */
  readonly region?: string;
  /** The server's wall time. */
  readonly date?: Date;
}

export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Empty for an answer to HEAD. */
  readonly text: string;
}

export function problemOf({ status, headers, text }: Answer): Problem {
  const said = errorElement(text);
  // An answer to HEAD has no body; MinIO says it in headers of its own.
  const code = said?.code ?? single(headers['x-minio-error-code']) ?? '';
  const message = said?.message ?? single(headers['x-minio-error-desc']) ?? '';
  const region = said?.region ?? single(headers['x-amz-bucket-region']);
  const date = headers.date === undefined ? undefined : new Date(headers.date);
  return {
    status,
    code: code.replaceAll('"', ''),
    message: message.replaceAll(/^"|"$/g, ''),
    ...(region === undefined ? {} : { region }),
    ...(date === undefined || Number.isNaN(date.getTime()) ? {} : { date }),
  };
}

/** The error in a body, also of an answer with status 200, as CompleteMultipartUpload has them. */
export function errorElement(
  text: string,
): { code: string; message: string; region?: string } | undefined {
  if (!text.includes('<Error')) return undefined;
  try {
    const element = parseXml(text);
    if (element.name !== 'Error') return undefined;
    const region = textOf(element, 'Region');
    return {
      code: textOf(element, 'Code') ?? '',
      message: textOf(element, 'Message') ?? '',
      ...(region ? { region } : {}),
    };
  } catch {
    return undefined;
  }
}

const single = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Codes that S3 uses for a bucket in another region. */
const elsewhere =
  /^(?:AuthorizationHeaderMalformed|PermanentRedirect|TemporaryRedirect|IllegalLocationConstraintException|InvalidRegion)$/;
/** Codes for keys that are not taken, whatever the status; the last one is versitygw's, with 404. */
const refusedKeys =
  /^(?:AccessDenied|InvalidAccessKeyId|SignatureDoesNotMatch|RequestTimeTooSkewed|ExpiredToken|InvalidToken|InvalidTokenId|TokenRefreshRequired|XAdminUserNotFound)$/;

/** Nothing is there. The status alone does not say so: some servers answer 404 to unknown keys. */
export const isAbsent = ({ code }: { readonly code: string }): boolean =>
  /^NoSuch(?:Key|Bucket|Version|Upload)$/.test(code);

/** Milliseconds by which S3 lets clocks differ. */
const toleratedSkewMs = 15 * 60_000;

/** The Fault that an unwanted answer is. @param what such as `GET bucket/key` */
export function answerFault(
  settings: ObjectStoreSettings,
  what: string,
  problem: Problem,
  now: Date,
): Fault {
  const { status, code, message } = problem;
  const said = [status, code].filter(Boolean).join(' ') + (message ? `: ${oneLine(message)}` : '');
  const place = `${settings.endpoint}: ${what}: `;
  if (status === 301 || status === 307 || elsewhere.test(code)) {
    const where = problem.region === undefined ? 'elsewhere' : `in region ${problem.region}`;
    return new Fault('objects-denied', `${place}the bucket is ${where}, not ${settings.region}`);
  }
  if (status !== 401 && status !== 403 && !refusedKeys.test(code)) {
    return new Fault('objects-failed', place + said);
  }
  const skewMs = problem.date === undefined ? 0 : problem.date.getTime() - now.getTime();
  if (code === 'RequestTimeTooSkewed' || Math.abs(skewMs) > toleratedSkewMs) {
    const minutes = Math.round(Math.abs(skewMs) / 60_000);
    const side = skewMs > 0 ? 'behind' : 'ahead of';
    const why = `our clock is ${minutes} minutes ${side} the server's`;
    return new Fault('objects-denied', `${place}${why} (${said})`);
  }
  return new Fault('objects-denied', place + said);
}

/** TLS that is not trusted is a refusal of ours; it is listed with what cannot be reached. */
export function transportFault(
  settings: ObjectStoreSettings,
  what: string,
  error: unknown,
  tries: number,
): Fault {
  if (error instanceof Fault) return error;
  const why = oneLine(messageOf(error)) || systemCode(error);
  const after = tries > 1 ? ` (${tries} tries)` : '';
  const text = `${settings.endpoint}: ${what}: ${why}${after}`;
  return new Fault('objects-unreachable', text, { cause: error });
}

const oneLine = (text: string): string => text.replaceAll(/\s*\n\s*/g, ' ').trim();
