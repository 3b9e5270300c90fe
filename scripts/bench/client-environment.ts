/** Of the database. */
export const nameOf = (url: string): string => new URL(url).pathname.slice(1);

/** Where libpq's programs find the database, with nothing of it among their arguments. */
export function clientEnvironment(url: string): Record<string, string> {
  const { hostname, port, username, password } = new URL(url);
  return {
    PGHOST: hostname,
    PGPORT: port,
    PGUSER: username,
    PGPASSWORD: password,
    PGDATABASE: nameOf(url),
  };
}
