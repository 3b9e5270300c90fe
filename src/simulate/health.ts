import { askHttp } from '../core/ask-http.ts';
import { wholeDays } from '../core/days.ts';
import { partAt } from '../validators/manifest/read.ts';

/** What an answer has to be like, besides its status. */
export interface AnswerExpected {
  /** Text, or regular expression, that the body must match. */
  readonly body?: string | undefined;
  /** The format of the body, and the media type that says so. */
  readonly format?: 'json' | undefined;
  /** By dotted path into the JSON body: the value, compared as text. */
  readonly dependencies?: Readonly<Record<string, string | number | boolean>> | undefined;
}

export interface UrlProbe extends AnswerExpected {
  /** http or https. */
  readonly url: string;
  /** Milliseconds until the whole answer is there. */
  readonly timeoutMs: number;
  /** False takes any certificate. */
  readonly verify?: boolean | undefined;
}

/** What the body says of something that the service needs. */
export interface DependencySeen {
  readonly name: string;
  readonly expected: string;
  /** Null when the body says nothing of it. */
  readonly found: string | null;
}

/** What came back; redirects are answers like any other. */
export interface UrlAnswer {
  /** Null when there was no answer. */
  readonly status: number | null;
  /** Null when nothing was to be matched or there was no answer. */
  readonly bodyMatches: boolean | null;
  /** Whether body and media type are JSON; null when that was not asked or there was no answer. */
  readonly json: { readonly parses: boolean; readonly mediaType: string | null } | null;
  readonly dependencies: readonly DependencySeen[];
  /** The first characters of the body. */
  readonly body: string;
  readonly durationMs: number;
  /** Whole days until the server's certificate ends; null without TLS. */
  readonly tlsDaysLeft: number | null;
  readonly error: string | null;
}

const shownCharacters = 200;

/** Asks once. @throws the signal's reason */
export async function probeUrl(
  { url, timeoutMs, verify, ...expected }: UrlProbe,
  { signal, now }: { readonly signal: AbortSignal; readonly now: Date },
): Promise<UrlAnswer> {
  const answer = await askHttp({ url, timeoutMs, verify }, signal);
  const { status, headers, body, durationMs, certificateEnds, error } = answer;
  const tlsDaysLeft = certificateEnds && wholeDays(certificateEnds.getTime() - now.getTime());
  const rest = { status, body: body.slice(0, shownCharacters), durationMs, tlsDaysLeft, error };
  if (status === null) return { ...rest, bodyMatches: null, json: null, dependencies: [] };
  const value = parsed(body);
  const mediaType = headers['content-type'] ?? null;
  return {
    ...rest,
    bodyMatches: expected.body === undefined ? null : matches(body, expected.body),
    json: expected.format === 'json' ? { parses: value !== undefined, mediaType } : null,
    dependencies: Object.entries(expected.dependencies ?? {}).map(([name, wanted]) => {
      return { name, expected: String(wanted), found: shown(partAt(value, ...name.split('.'))) };
    }),
  };
}

/** Whether a media type says JSON (RFC 8259 section 11, RFC 6839 section 3.1). */
export function isJsonType(mediaType: string | null): boolean {
  return /^application\/([\w.!#$&^+-]+\+)?json\s*(;|$)/i.test(mediaType ?? '');
}

/** Whether a text holds the words, or matches them as a regular expression. */
export function matches(text: string, wanted: string): boolean {
  if (text.includes(wanted)) return true;
  try {
    return new RegExp(wanted).test(text);
  } catch {
    return false;
  }
}

/** JSON of a body; undefined for what is none. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  return (typeof value === 'string' ? value : JSON.stringify(value)).slice(0, shownCharacters);
}
