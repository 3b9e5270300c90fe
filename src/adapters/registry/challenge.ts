/** What a server asks for: https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1 */
export interface Challenge {
  /** In lower case. */
  readonly scheme: string;
  /** Names in lower case. */
  readonly parameters: Readonly<Record<string, string>>;
}

const token = /[!#$%&'*+.^_`|~\w-]+/y;
const parameter = /\s*([!#$%&'*+.^_`|~\w-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/y;

/** The challenges of a WWW-Authenticate header; what follows something unreadable is left out. */
export function parseChallenges(header: string): Challenge[] {
  const challenges: Challenge[] = [];
  let at = 0;
  const skip = (characters: RegExp) => {
    while (at < header.length && characters.test(header[at] ?? '')) at += 1;
  };
  const match = (pattern: RegExp) => {
    pattern.lastIndex = at;
    const found = pattern.exec(header);
    if (found) at = pattern.lastIndex;
    return found;
  };
  for (;;) {
    skip(/[\s,]/);
    const scheme = match(token)?.[0];
    if (scheme === undefined) return challenges;
    const parameters: Record<string, string> = {};
    for (let found = match(parameter); found; found = match(parameter)) {
      const [, name = '', quoted, bare = ''] = found;
      parameters[name.toLowerCase()] = quoted?.replace(/\\(.)/g, '$1') ?? bare;
      skip(/\s/);
      if (header[at] !== ',') break;
      at += 1;
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters });
  }
}
