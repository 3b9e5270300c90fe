import { isLiteralSecret } from './literal-name.ts';
import type { Match } from './match.ts';
import { isPlaceholder } from './placeholder.ts';
import type { Shape } from './shapes/shape.ts';

/** What a file holds whose name says so, and whose credentials have no shape of their own. */
export interface FileShape extends Pick<Shape, 'id' | 'title' | 'source'> {
  /** Matched against the last names of the path. */
  readonly files: RegExp;
  /** Global; the group `secret` is the value, `name` what it is given to. Linear, like those of shapes. */
  readonly pattern: RegExp;
  readonly wants?: (name: string, value: string) => boolean;
}

const assignedName = '[A-Za-z_][\\w.-]{1,79}';

export const fileShapes: readonly FileShape[] = [
  {
    id: 'netrc-password',
    title: 'a password of .netrc',
    files: /(?:^|\/)[._]?netrc$/,
    pattern: /(?<![^\s])password[ \t\r\n]{1,8}(?<secret>\S{1,200})/g,
    source: 'https://www.gnu.org/software/inetutils/manual/html_node/The-_002enetrc-file.html',
  },
  {
    id: 'pgpass-password',
    title: 'a password of .pgpass',
    files: /(?:^|\/)(?:\.pgpass|pgpass\.conf)$/,
    pattern: /^(?!#)(?:(?:\\[\\:]|[^:\\\r\n]){1,250}:){4}(?<secret>[^\r\n]{1,200})/gm,
    source: 'https://www.postgresql.org/docs/current/libpq-pgpass.html',
  },
  {
    id: 'pypirc-password',
    title: 'a password of .pypirc',
    files: /(?:^|\/)\.pypirc$/,
    pattern: /^[ \t]{0,8}password[ \t]{0,8}[:=][ \t]{0,8}(?<secret>\S{1,400})/gm,
    source: 'https://packaging.python.org/en/latest/specifications/pypirc/',
  },
  {
    id: 'mysql-password',
    title: 'a password of .my.cnf',
    files: /(?:^|\/)\.my(?:login)?\.cnf$/,
    pattern: /^[ \t]{0,8}password[ \t]{0,8}=[ \t]{0,8}["']?(?<secret>[^\s"']{1,200})/gm,
    source: 'https://dev.mysql.com/doc/refman/8.4/en/password-security-user.html',
  },
  {
    id: 'git-credentials',
    title: 'a password of .git-credentials',
    files: /(?:^|\/)\.git-credentials$/,
    pattern: /^https?:\/\/[^\s:@/]{0,100}:(?<secret>[^\s:@/]{1,400})@/gm,
    source: 'https://git-scm.com/docs/git-credential-store',
  },
  {
    id: 'kubeconfig-token',
    title: 'a token of a kubeconfig',
    files: /(?:^|\/)(?:\.kube\/config|kubeconfig(?:\.ya?ml)?|[^/]{1,100}\.kubeconfig)$/,
    pattern: /^[ \t]{1,20}(?:token|password):[ \t]{1,4}["']?(?<secret>[^\s"']{6,4000})/gm,
    source: 'https://kubernetes.io/docs/reference/config-api/kubeconfig.v1/#AuthInfo',
  },
  {
    id: 'dotenv-secret',
    title: 'a secret of an environment file',
    files: /(?:^|\/)\.env(?:\.(?:local|prod(?:uction)?|stag(?:e|ing)|live))?$/,
    pattern: new RegExp(
      `^[ \\t]{0,8}(?:export[ \\t]{1,8})?(?<name>${assignedName})[ \\t]{0,4}=[ \\t]{0,4}["']?(?<secret>[^\\s"'#]{6,400})`,
      'gm',
    ),
    wants: isLiteralSecret,
    source: 'https://12factor.net/config',
  },
];

/** What the file of this path is read for besides, if anything. */
export function fileShapeFor(path: string): FileShape | undefined {
  // Asked of each file of an image, so the folders above the last are not searched by every pattern.
  const folder = path.lastIndexOf('/', path.lastIndexOf('/') - 1);
  const lastNames = path.slice(folder + 1);
  return fileShapes.find(({ files }) => files.test(lastNames));
}

/** Of everything that is found at the same place, this says least. */
const rank = 10_000;

const standIn = /^(?:x+|\*+|changeme|<.*>|password|secret)$/i;

export function* matchesInFile(
  { pattern, wants, ...shape }: FileShape,
  text: string,
): Generator<Match> {
  for (const match of text.matchAll(pattern)) {
    const { secret = '', name = '' } = match.groups ?? {};
    if (standIn.test(secret) || isPlaceholder(secret)) continue;
    if (wants && !wants(name, secret)) continue;
    const start = match.index + match[0].lastIndexOf(secret);
    yield {
      shape: { ...shape, anchors: [], pattern, chosen: true },
      ...{ rank, secret, start, from: match.index },
      // The whole purpose of most of these files is to hold a credential.
      confidence: wants ? 'possible' : 'likely',
      end: start + secret.length,
    };
  }
}
