/** A package URL in its parts (https://github.com/package-url/purl-spec), decoded. */
export interface Purl {
  readonly type: string;
  /** With `/` between its parts; empty when there is none. */
  readonly namespace: string;
  readonly name: string;
  readonly version: string | null;
  readonly qualifiers: ReadonlyMap<string, string>;
}

/** Undefined when the text is no package URL. */
export function parsePurl(text: string): Purl | undefined {
  const [beforeSubpath = ''] = text.split('#', 1);
  const question = beforeSubpath.indexOf('?');
  const path = question === -1 ? beforeSubpath : beforeSubpath.slice(0, question);
  const qualifiers = question === -1 ? '' : beforeSubpath.slice(question + 1);
  if (!/^pkg:/i.test(path)) return undefined;
  const rest = path.slice('pkg:'.length).replace(/^\/{1,3}/, '');
  // An `@` before the last slash belongs to a namespace that somebody forgot to encode.
  const at = rest.indexOf('@', rest.lastIndexOf('/') + 1);
  const names = (at === -1 ? rest : rest.slice(0, at)).split('/').map(decoded);
  const [type, ...below] = names;
  const name = below.pop();
  if (!type || !name) return undefined;
  return {
    type: type.toLowerCase(),
    namespace: below.join('/'),
    name,
    version: at === -1 ? null : decoded(rest.slice(at + 1)),
    qualifiers: new Map(
      qualifiers.split('&').flatMap((pair): [string, string][] => {
        const equals = pair.indexOf('=');
        return equals > 0 ? [[pair.slice(0, equals), decoded(pair.slice(equals + 1))]] : [];
      }),
    ),
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Looks a package URL up among many, by what none of them leaves out. */
export function purlIndex(purls: Iterable<string>): (pattern: string) => boolean {
  const byName = new Map<string, Set<string>>();
  for (const purl of purls) {
    const key = nameOf(purl);
    const same = byName.get(key);
    if (same) same.add(purl);
    else byName.set(key, new Set([purl]));
  }
  return (pattern) => [...(byName.get(nameOf(pattern)) ?? [])].some((purl) => means(pattern, purl));
}

function nameOf(purl: string): string {
  const parsed = parsePurl(purl);
  return parsed ? [parsed.type, parsed.namespace, parsed.name].join('\0') : purl;
}

/** Whether a package URL means a package: what it leaves out is not asked for. */
export function means(pattern: string, actual: string | null): boolean {
  if (actual === null) return false;
  if (pattern === actual) return true;
  const [wanted, found] = [parsePurl(pattern), parsePurl(actual)];
  if (!wanted || !found) return false;
  return (
    wanted.type === found.type &&
    wanted.namespace === found.namespace &&
    wanted.name === found.name &&
    (wanted.version === null || wanted.version === found.version) &&
    [...wanted.qualifiers].every(([key, value]) => found.qualifiers.get(key) === value)
  );
}
