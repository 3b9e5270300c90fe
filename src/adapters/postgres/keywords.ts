/** Connection parameters by libpq's keyword. */
export type Keywords = Readonly<Partial<Record<Keyword, string>>>;
export type Keyword = keyof typeof keywords;

/**
 * The parameters that deploycheck understands, with the environment variable that is each one's
 * default (PostgreSQL manual, chapters 34.1.2 and 34.15).
 */
export const keywords = {
  service: 'PGSERVICE',
  host: 'PGHOST',
  port: 'PGPORT',
  dbname: 'PGDATABASE',
  user: 'PGUSER',
  password: 'PGPASSWORD',
  passfile: 'PGPASSFILE',
  sslmode: 'PGSSLMODE',
  sslrootcert: 'PGSSLROOTCERT',
  sslcert: 'PGSSLCERT',
  sslkey: 'PGSSLKEY',
  application_name: 'PGAPPNAME',
  options: 'PGOPTIONS',
  connect_timeout: 'PGCONNECT_TIMEOUT',
} as const;

/** Parameters that change nothing about what is reached or who may listen; taken and not used. */
const withoutEffect: ReadonlySet<string> = new Set([
  'client_encoding',
  'fallback_application_name',
  'gssencmode',
  'keepalives',
  'keepalives_count',
  'keepalives_idle',
  'keepalives_interval',
  'sslcompression',
  'sslsni',
  'tcp_user_timeout',
]);

export const isKeyword = (name: string): name is Keyword => Object.hasOwn(keywords, name);

/**
 * What is wrong with a parameter, or undefined. One that is not known is never skipped: it may have
 * been meant to protect the connection.
 */
export function keywordProblem(name: string): string | undefined {
  if (isKeyword(name) || withoutEffect.has(name)) return undefined;
  return `the parameter '${name}' is not supported`;
}

export function environmentKeywords(env: Readonly<NodeJS.ProcessEnv>): Keywords {
  const found: Partial<Record<Keyword, string>> = {};
  for (const [name, variable] of Object.entries(keywords)) {
    const value = env[variable];
    if (isKeyword(name) && value !== undefined && value !== '') found[name] = value;
  }
  return found;
}
