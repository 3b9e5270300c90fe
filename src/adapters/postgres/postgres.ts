/**
 * How a connection is protected, with the meanings of libpq: `prefer` falls back to plain text,
 * `require` checks no certificate unless a root certificate is at hand. libpq's `allow` is refused.
 */
export type SslMode = 'disable' | 'prefer' | 'require' | 'verify-ca' | 'verify-full';

/** Where the connection settings come from; libpq's environment variables fill what is not said. */
export type DatabaseSource =
  /** `postgres://` or `postgresql://`, as in chapter 34.1.1.2 of the PostgreSQL manual. */
  | { readonly url: string }
  /** A section of PGSERVICEFILE, `~/.pg_service.conf` or `$PGSYSCONFDIR/pg_service.conf`. */
  | { readonly service: string };

export interface DatabaseSettings {
  /** Name, address, or the folder of a Unix socket when it begins with `/`. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  /** A function, so that printing the settings never prints it; undefined when none is known. */
  readonly password: () => string | undefined;
  /** Why no password is known though a password file exists. */
  readonly passwordNote?: string;
  readonly sslMode: SslMode;
  /** File of PEM certificates, or `system` for those of Node. */
  readonly sslRootCert?: string;
  /** PEM files of the client's own certificate and key. */
  readonly sslCert?: string;
  readonly sslKey?: string;
  readonly applicationName: string;
  /** Server options of the session, such as `-c statement_timeout=5s`. */
  readonly options?: string;
  /** Milliseconds for connecting; 0 is no limit. */
  readonly connectTimeoutMs: number;
}

/** What `pg_dump`, `pg_restore` and `psql` need to reach the same database. */
export interface ClientEnvironment extends AsyncDisposable {
  /** PG* variables; those that could be inherited and would win are neutralised. Holds no password. */
  readonly env: Readonly<Record<string, string>>;
  /** Removes the files written for it. */
  [Symbol.asyncDispose](): Promise<void>;
}

export interface Postgres {
  /**
   * Reads the source, the service file and the password file by libpq's rules. The password is
   * registered with the redactor.
   * @throws Fault `database-url-invalid`
   */
  settings(source: DatabaseSource): Promise<DatabaseSettings>;
  /** `user@host:port/database`, for people. */
  describe(settings: DatabaseSettings): string;
  /**
   * Writes a password file (mode 0600) and a service file into `folder`, which must exist.
   * @throws Fault `database-url-invalid` when the password cannot be written in such a file
   */
  clientEnvironment(settings: DatabaseSettings, folder: string): Promise<ClientEnvironment>;
  /**
   * Opens one connection.
   * @throws Fault `database-unreachable`, `database-denied`, `database-url-invalid`; the signal's reason
   */
  connect(settings: DatabaseSettings, signal: AbortSignal): Promise<Database>;
  /** What the server said against a statement, when that is what `error` is. */
  refusal(error: unknown): QueryRefusal | undefined;
}

/**
 * A value of a row. bool, int2, int4 and oid are JavaScript's own; everything else (int8, numeric,
 * dates, json, bytea …) is the server's text, because any conversion could lose something.
 */
export type Value = string | number | boolean | null;
export type Row = Readonly<Record<string, Value>>;
export type Parameter = Value | bigint | Uint8Array | readonly (Value | bigint)[];

export interface QueryResult {
  readonly rows: readonly Row[];
  /** Rows returned, or rows changed. */
  readonly rowCount: number;
  /** The command tag's first word: `SELECT`, `INSERT` … */
  readonly command: string;
}

/** The server's "no" to a statement (PostgreSQL manual, chapter 55.8); the connection stays usable. */
export interface QueryRefusal {
  /** Five characters, appendix A of the manual. */
  readonly sqlState: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Counted in characters from 1, in the statement as sent. */
  readonly position?: number;
  readonly schema?: string;
  readonly table?: string;
  readonly column?: string;
  readonly constraint?: string;
}

export type Attempt =
  | { readonly ok: true; readonly result: QueryResult }
  | { readonly ok: false; readonly refusal: QueryRefusal };

export interface Queries {
  /**
   * One statement.
   * @throws Fault `database-failed`, and `database-denied` when a privilege is missing; an error for
   *   which {@link Postgres.refusal} answers, for any other refusal; the signal's reason
   */
  query(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<QueryResult>;
  /** As `query`, with every refusal of the server as a value. */
  attempt(sql: string, parameters: readonly Parameter[], signal: AbortSignal): Promise<Attempt>;
  /** Several statements in one text, without parameters, in one implicit transaction. */
  script(sql: string, signal: AbortSignal): Promise<void>;
  /**
   * The rows of a query through a server-side cursor: no more than `batch` of them are in memory.
   * Outside of a transaction it opens one, read only, for as long as it is iterated.
   * @throws what `query` throws, while iterating
   */
  rows(
    sql: string,
    parameters: readonly Parameter[],
    options: RowOptions,
    signal: AbortSignal,
  ): AsyncIterable<Row>;
}

export interface RowOptions {
  /** Rows per round trip; 1000 when not given. */
  readonly batch?: number;
}

export interface TransactionOptions {
  readonly readOnly?: boolean;
  readonly isolation?: 'read committed' | 'repeatable read' | 'serializable';
  /** With serializable and read only: waits for a moment at which no retry can be needed. */
  readonly deferrable?: boolean;
  /** An exported snapshot to see; needs repeatable read or serializable. */
  readonly snapshot?: string;
}

export interface Transaction extends Queries {
  /** The name under which other sessions can see what this one sees, until it ends. */
  exportSnapshot(signal: AbortSignal): Promise<string>;
}

export interface DatabaseIdentity {
  /** Given to a cluster by initdb, equal on its standbys and on physical copies: decimal digits. */
  readonly systemIdentifier: string;
  readonly database: string;
  /** As `server_version_num`: 150018 is 15.18. */
  readonly serverVersion: number;
  readonly serverVersionText: string;
  /** As connected to. */
  readonly host: string;
  readonly port: number;
  /** As the server sees itself; null through a Unix socket. */
  readonly serverAddress: string | null;
  readonly serverPort: number | null;
  readonly timeline: number;
  readonly inRecovery: boolean;
}

export interface Notice {
  readonly severity: string;
  readonly sqlState: string;
  readonly message: string;
}

/**
 * One connection. Calls wait for each other; while a transaction is open, only its own handle may be
 * used. A call that is aborted cancels its statement on the server and ends the connection.
 */
export interface Database extends Queries, AsyncDisposable {
  /**
   * Commits when `work` resolves, rolls back when it throws.
   * @throws what `work` throws; what `query` throws
   */
  transaction<T>(
    options: TransactionOptions,
    work: (transaction: Transaction) => Promise<T>,
    signal: AbortSignal,
  ): Promise<T>;
  identity(signal: AbortSignal): Promise<DatabaseIdentity>;
  /** The last 100 notices and warnings of the server, oldest first. */
  notices(): readonly Notice[];
  /** Ends the connection; harmless when it has ended already. */
  close(): Promise<void>;
}
