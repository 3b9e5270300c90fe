import { askHttp, type HttpAnswer, type HttpRequest } from '../../core/ask-http.ts';

/** Where to and for how long requests are sent. */
export interface Asking {
  /** Such as `http://127.0.0.1:40123`, to which paths are added. */
  readonly origin: string;
  /** Milliseconds for each answer. */
  readonly timeoutMs: number;
  /** False where a certificate is for another name than the one that is asked, as behind a forwarded port. */
  readonly verify?: boolean | undefined;
  readonly signal: AbortSignal;
}

/** A service that can be asked, also after its pods were replaced. */
export interface Reach {
  /** The pod that answers now. */
  pod(): string;
  asking(): Asking;
  /** Replaces all of its pods. @returns why it does not answer any more, in words; null when it does */
  restart(): Promise<string | null>;
}

/** Asks once. @throws the signal's reason */
export function ask(
  { origin, timeoutMs, verify, signal }: Asking,
  {
    path,
    ...request
  }: Omit<HttpRequest, 'url' | 'timeoutMs' | 'verify'> & { readonly path: string },
): Promise<HttpAnswer> {
  return askHttp({ ...request, url: origin + path, timeoutMs, verify }, signal);
}

export const isGood = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300;

export const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
