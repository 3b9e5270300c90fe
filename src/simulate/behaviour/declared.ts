/** What a service is declared to do, each asked where it is declared and nowhere else. */
export interface Behaviour {
  readonly headers?: readonly HeadersDeclared[] | undefined;
  readonly cors?: readonly CorsDeclared[] | undefined;
  readonly authentication?: readonly AuthenticationDeclared[] | undefined;
  readonly rateLimit?: readonly RateLimitDeclared[] | undefined;
  readonly idempotency?: readonly IdempotencyDeclared[] | undefined;
}

export interface HeadersDeclared {
  readonly path: string;
  /** By name: the value, or a part or regular expression of it. */
  readonly expect?: Readonly<Record<string, string>> | undefined;
  /** The headers that keep browsers from common attacks. */
  readonly preset?: 'security' | undefined;
}

export interface CorsDeclared {
  readonly path: string;
  readonly origin: string;
  /** Whether pages of the origin may read the answers. */
  readonly allowed: boolean;
  /** Whether they may with cookies; not judged when not given. */
  readonly credentials?: boolean | undefined;
}

export interface AuthenticationDeclared {
  readonly path: string;
  /** GET when not given. */
  readonly method?: string | undefined;
  /** A bearer token that is let in. */
  readonly token?: string | undefined;
  /** A good bearer token of somebody who may not. */
  readonly wrongRole?: string | undefined;
}

export interface RateLimitDeclared {
  readonly path: string;
  /** Requests that are let through. */
  readonly requests: number;
  /** Milliseconds in which they are counted. */
  readonly withinMs: number;
}

export interface IdempotencyDeclared {
  readonly path: string;
  /** POST when not given. */
  readonly method?: string | undefined;
  /** Name of the header; Idempotency-Key when not given. */
  readonly header?: string | undefined;
  readonly body: Readonly<Record<string, unknown>>;
  /** Bearer token of the requests. */
  readonly token?: string | undefined;
}
