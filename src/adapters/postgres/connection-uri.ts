import { Fault } from '../../core/fault.ts';
import { isKeyword, type Keyword, type Keywords, keywordProblem } from './keywords.ts';

/**
 * A connection URI in libpq's own grammar (PostgreSQL manual, chapter 34.1.1.2), which is not that of
 * the web: the host may be empty, a list, or an encoded folder. No message repeats the text, which
 * may hold a password in a place where nobody looks for one.
 * @throws Fault `database-url-invalid`
 */
export function parseConnectionUri(uri: string): Keywords {
  const scheme = /^postgres(?:ql)?:\/\//.exec(uri)?.[0];
  if (scheme === undefined) throw invalid("it does not begin with 'postgres://'");
  const { credentials, place, path, query } = split(uri.slice(scheme.length));

  const found: Partial<Record<Keyword, string>> = {};
  const set = (name: Keyword, text: string | undefined) => {
    if (text !== undefined && text !== '') found[name] = decode(text, name);
  };
  const colon = credentials.indexOf(':');
  set('user', colon < 0 ? credentials : credentials.slice(0, colon));
  set('password', colon < 0 ? undefined : credentials.slice(colon + 1));
  const { host, port } = splitPlace(place);
  set('host', host);
  set('port', port);
  set('dbname', path);

  for (const pair of query === '' ? [] : query.split('&')) {
    const [rawName = '', value, ...rest] = pair.split('=');
    const name = decode(rawName, 'a parameter');
    if (value === undefined || rest.length > 0) {
      throw invalid(`the parameter '${name}' is not written as name=value`);
    }
    // JDBC's way of saying it, which libpq takes as well.
    if (name === 'ssl' && value === 'true') found.sslmode = 'require';
    else {
      const problem = keywordProblem(name);
      if (problem !== undefined) throw invalid(problem);
      if (isKeyword(name)) found[name] = decode(value, name);
    }
  }
  return found;
}

/** libpq looks for `@` up to the first `/` only, so a password holds neither unless encoded. */
function split(rest: string) {
  const match = /^(?:([^@/]*)@)?([^/?]*)(?:\/([^?]*))?(?:\?(.*))?$/s.exec(rest);
  if (!match) throw invalid('it cannot be taken apart; encode special characters as %XX');
  const [, credentials = '', place = '', path = '', query = ''] = match;
  // What follows a stray separator is likely a part of the password, and host and database are shown.
  if (place.includes('@') || (credentials === '' && path.includes('@'))) {
    throw invalid("'@' or '/' stands in its password; write them as %40 and %2F");
  }
  return { credentials, place, path, query };
}

function splitPlace(place: string): { host: string; port: string } {
  if (place.includes(',')) throw invalid('it names several hosts; name one');
  const match = /^(?:\[([^\]]*)\]|([^:[\]]*))(?::(\d*))?$/.exec(place);
  if (!match) throw invalid('its host and port are not written as host:port or [address]:port');
  const [, address, name = '', port = ''] = match;
  return { host: address ?? name, port };
}

function decode(text: string, what: string): string {
  let value: string;
  try {
    value = decodeURIComponent(text);
  } catch {
    throw invalid(`'%' in ${what} is not followed by two hex digits of UTF-8 text`);
  }
  if (value.includes('\0')) throw invalid(`${what} holds a zero byte`);
  return value;
}

const invalid = (why: string): Fault =>
  new Fault('database-url-invalid', `the database URL cannot be used: ${why}`);
