/** Where to and for how long requests are sent. */
export interface Asking {
  /** Such as `http://127.0.0.1:40123`, to which paths are added. */
  readonly origin: string;
  /** Milliseconds for each answer. */
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

export const isGood = (status: number | null): boolean =>
  status !== null && status >= 200 && status < 300;

export const bearer = (token: string | undefined): Record<string, string> =>
  token === undefined ? {} : { authorization: `Bearer ${token}` };
