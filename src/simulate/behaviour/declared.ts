/** What a service is declared to do, each asked where it is declared and nowhere else. */
export interface Behaviour {
  readonly headers?: readonly HeadersDeclared[] | undefined;
  readonly cors?: readonly CorsDeclared[] | undefined;
  readonly authentication?: readonly AuthenticationDeclared[] | undefined;
  readonly rateLimit?: readonly RateLimitDeclared[] | undefined;
  readonly idempotency?: readonly IdempotencyDeclared[] | undefined;
  readonly injection?: readonly InjectionDeclared[] | undefined;
  readonly scenarios?: readonly ScenarioDeclared[] | undefined;
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
  /** Of the request that the preflight announces; GET when not given. */
  readonly method?: string | undefined;
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
  /** A bearer token that was good once. */
  readonly expired?: string | undefined;
  /** A good bearer token of somebody who may not. */
  readonly wrongRole?: string | undefined;
}

export interface RateLimitDeclared {
  readonly path: string;
  /** Requests that are let through. */
  readonly requests: number;
  /** Milliseconds in which they are counted. */
  readonly withinMs: number;
  /** Headers that name another address, and must not help. */
  readonly bypassHeaders?: readonly string[] | undefined;
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

/** A request with `{value}` in its path or in a string of its body. */
export interface InjectionDeclared {
  readonly path: string;
  /** GET when not given. */
  readonly method?: string | undefined;
  readonly body?: Readonly<Record<string, unknown>> | undefined;
  /** Bearer token of the requests. */
  readonly token?: string | undefined;
}

/** Requests that belong together: constraints, cascades, what outlives a restart. */
export interface ScenarioDeclared {
  readonly name: string;
  /** Bearer token of its requests. */
  readonly token?: string | undefined;
  readonly steps: readonly ScenarioStep[];
}

export type ScenarioStep = ScenarioRequest | { readonly restart: true };

/** `{name}` in path, headers, body and `json` stands for what an earlier step kept. */
export interface ScenarioRequest {
  readonly path: string;
  /** GET when not given. */
  readonly method?: string | undefined;
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Any 2xx when not given. */
  readonly status?: number | undefined;
  /** Text, or regular expression, that the body must match. */
  readonly match?: string | undefined;
  /** By dotted path into the JSON body: what it must be; null for nothing. */
  readonly json?: Readonly<Record<string, unknown>> | undefined;
  /** By name: dotted path of what later steps need. */
  readonly keep?: Readonly<Record<string, string>> | undefined;
}
