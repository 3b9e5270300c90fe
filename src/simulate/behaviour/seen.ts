export interface HeadersSeen {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly tls: boolean;
  readonly preset: 'security' | null;
  readonly expected: Readonly<Record<string, string>>;
  /** Those that are asked for, by name in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly error: string | null;
}

export interface CorsSeen {
  readonly origin: string;
  readonly allowed: boolean;
  /** Null when credentials are not judged. */
  readonly credentials: boolean | null;
  /** The OPTIONS request of a browser, then the request itself. */
  readonly answers: readonly CorsAnswer[];
}

export interface CorsAnswer {
  readonly request: 'preflight' | 'request';
  /** Null when there was no answer. */
  readonly status: number | null;
  /** `Access-Control-Allow-Origin` and `-Credentials`; null when not sent. */
  readonly allowOrigin: string | null;
  readonly allowCredentials: string | null;
  readonly error: string | null;
}

/** What a request brought along; its tokens are in no observation. */
export type Bearing =
  | 'no token'
  | 'a garbage token'
  | 'an unsigned, expired token'
  | 'an expired token'
  | 'the good token'
  | 'the good token with its end altered'
  | 'a token of the wrong role';

export interface AuthenticationSeen {
  readonly method: string;
  readonly attempts: readonly {
    readonly bearing: Bearing;
    /** Null when there was no answer. */
    readonly status: number | null;
    readonly error: string | null;
  }[];
}

export interface RateLimitSeen {
  /** As declared. */
  readonly requests: number;
  readonly withinMs: number;
  /** Requests to be sent, and those that were answered. */
  readonly planned: number;
  readonly answered: number;
  /** Whether a 429 came, and its Retry-After. */
  readonly limited: boolean;
  readonly retryAfter: string | null;
  readonly durationMs: number;
  /** The first error of a request; null when there was none. */
  readonly error: string | null;
  /** Once it was limited: the same with headers that name another address. */
  readonly bypasses: readonly BypassSeen[];
}

export interface BypassSeen {
  readonly header: string;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
}

/** Statuses of the requests in their order; null when one was not sent or not answered. */
export interface IdempotencySeen {
  readonly method: string;
  readonly header: string;
  readonly first: number | null;
  readonly again: number | null;
  /** Whether both answers have the same body; null when there are not two. */
  readonly sameBody: boolean | null;
  /** Another body under a key of its own, which shows that it is good in itself. */
  readonly otherAlone: number | null;
  /** The same under the key of the first. */
  readonly otherReused: number | null;
  readonly error: string | null;
}

export interface InjectionSeen {
  readonly method: string;
  readonly attempts: readonly {
    /** What was tried, in words. */
    readonly attack: string;
    /** Null when there was no answer. */
    readonly status: number | null;
    /** What shows that it worked; null when nothing does. */
    readonly sign: string | null;
    /** Text of an error that was meant for a log; null when there is none. */
    readonly leak: string | null;
    readonly error: string | null;
  }[];
}

export interface ScenarioSeen {
  /** How many steps it has. */
  readonly planned: number;
  /** Those that were made: up to the first that did not go as declared. */
  readonly steps: readonly {
    /** Such as `POST /orders`. */
    readonly step: string;
    /** Null for what is no request, and when there was no answer. */
    readonly status: number | null;
    /** In words; null when it went as declared. */
    readonly problem: string | null;
  }[];
}

interface Seen {
  readonly headers: HeadersSeen;
  readonly cors: CorsSeen;
  readonly authentication: AuthenticationSeen;
  readonly 'rate-limit': RateLimitSeen;
  readonly idempotency: IdempotencySeen;
  readonly injection: InjectionSeen;
  readonly scenario: ScenarioSeen;
}

export type BehaviourName = keyof Seen;
export type SeenOf<K extends BehaviourName> = Seen[K];

export interface AskedBehaviour<K extends BehaviourName> {
  readonly behaviour: K;
  readonly service: string;
  /** For a scenario, its name. */
  readonly path: string;
  readonly pod: string;
  readonly seen: Seen[K];
}

export interface UnaskedBehaviour {
  readonly behaviour: BehaviourName;
  readonly service: string;
  /** For a scenario, its name. */
  readonly path: string;
  readonly pod: null;
  readonly why: string;
}

/** One declared behaviour of one path. */
export type BehaviourSeen = AskedBehaviour<BehaviourName> | UnaskedBehaviour;
