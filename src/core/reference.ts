import { type Digest, isDigest } from './digest.ts';
import { Fault } from './fault.ts';

/**
 * What names an image in a registry. Grammar and defaults are those of Docker and containerd:
 * https://pkg.go.dev/github.com/distribution/reference
 */
export interface ImageReference {
  /** Host, with a port where one is written; `docker.io` when none is. */
  readonly registry: string;
  /** Path in the registry; Docker Hub's own images are below `library/`. */
  readonly repository: string;
  readonly tag?: string;
  readonly digest?: Digest;
}

/** Why a text is no reference. */
export interface ReferenceProblem {
  /** Of the first character that does not fit, counted from 1. */
  readonly position: number;
  readonly problem: string;
}

const hub = 'docker.io';
/** Characters of registry and repository together. */
const maxName = 255;

const hostPattern =
  /(?:\[[0-9a-fA-F:]+\]|[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*(?:\.[a-zA-Z0-9]+(?:-+[a-zA-Z0-9]+)*)*)(?::[0-9]+)?/y;
const pathPattern =
  /[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*)*/y;
const tagPattern = /\w[\w.-]{0,127}/y;

/** @throws Fault `reference-invalid`, which names the character */
export function parseReference(text: string): ImageReference {
  const read = readReference(text);
  if (!isReferenceProblem(read)) return read;
  throw new Fault(
    'reference-invalid',
    `${JSON.stringify(text)}, character ${read.position}: ${read.problem}`,
  );
}

export function readReference(text: string): ImageReference | ReferenceProblem {
  const at = text.indexOf('@');
  const named = at === -1 ? text : text.slice(0, at);
  const colon = named.indexOf(':', named.lastIndexOf('/') + 1);
  const name = colon === -1 ? named : named.slice(0, colon);
  const written = hostOf(name);
  const path = written === undefined ? name : name.slice(written.length + 1);
  const tag = colon === -1 ? undefined : named.slice(colon + 1);
  const digest = at === -1 ? undefined : text.slice(at + 1);
  const problem =
    misfit(
      hostPattern,
      written,
      0,
      'a host has letters, digits, - and dots, and may have a port',
    ) ??
    misfit(
      pathPattern,
      path,
      name.length - path.length,
      'a name has lower-case letters and digits, with single . _ - between them',
    ) ??
    misfit(tagPattern, tag, colon + 1, 'a tag has up to 128 letters, digits, _ . -') ??
    (digest === undefined || isDigest(digest)
      ? undefined
      : { position: at + 2, problem: 'a digest is sha256: and 64 lower-case hex digits' }) ??
    (name.length > maxName
      ? { position: maxName + 1, problem: `a name has up to ${maxName} characters` }
      : undefined) ??
    (written === undefined && /^[0-9a-f]{64}$/.test(path)
      ? { position: 1, problem: '64 hex digits are an id, and never a name' }
      : undefined);
  if (problem) return problem;
  const registry = written === undefined || written === `index.${hub}` ? hub : written;
  return {
    registry,
    repository: registry === hub && !path.includes('/') ? `library/${path}` : path,
    ...(tag !== undefined && { tag }),
    ...(digest !== undefined && isDigest(digest) && { digest }),
  };
}

export function isReferenceProblem(
  read: ImageReference | ReferenceProblem,
): read is ReferenceProblem {
  return 'problem' in read;
}

/** In full, with the registry; {@link parseReference} reads it back. */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  const ending = `${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
  return `${registry}/${repository}${ending}`;
}

/** The first component is a host when it looks like one; otherwise it belongs to the path. */
function hostOf(name: string): string | undefined {
  const slash = name.indexOf('/');
  const first = name.slice(0, Math.max(0, slash));
  const isHost = /[.:A-Z]/.test(first) || first === 'localhost';
  return isHost ? first : undefined;
}

function misfit(
  pattern: RegExp,
  part: string | undefined,
  offset: number,
  problem: string,
): ReferenceProblem | undefined {
  if (part === undefined) return undefined;
  pattern.lastIndex = 0;
  const fitting = pattern.exec(part)?.[0].length ?? 0;
  if (fitting === part.length && part !== '') return undefined;
  // A slash may follow whatever fits, so it is what comes after it that does not.
  const afterSlash = fitting > 0 && part[fitting] === '/' ? 1 : 0;
  return { position: offset + fitting + afterSlash + 1, problem };
}
