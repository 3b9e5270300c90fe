import { createHash } from 'node:crypto';

/** `sha256:<64 lower-case hex digits>`, the form of the OCI image specification. */
export type Digest = `sha256:${string}`;

const digestPattern = /^sha256:[0-9a-f]{64}$/;

export function isDigest(text: string): text is Digest {
  return digestPattern.test(text);
}

export function sha256(bytes: string | Uint8Array): Digest {
  return `sha256:${sha256Hex(bytes)}`;
}

export function sha256Hex(bytes: string | Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

export interface FileDigest {
  /** Relative to the folder the sums are checked from, with `/` between names. */
  readonly path: string;
  readonly sha256: string;
}

/**
 * The text that `sha256sum --check` reads, one line a file, sorted by path so that the same files
 * give the same bytes. A path with a newline or backslash is escaped as GNU coreutils documents it:
 * the line starts with a backslash, `\n` and `\\` stand for the two characters.
 */
export function sumsText(files: readonly FileDigest[]): string {
  return [...files]
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0))
    .map(({ path, sha256: hex }) => {
      const escaped = path.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
      return `${escaped === path ? '' : '\\'}${hex}  ${escaped}\n`;
    })
    .join('');
}

const sumsLine = /^(\\?)([0-9a-f]{64}) [ *](.+)$/;

/** The inverse of {@link sumsText}; undefined when a line is not of that form. */
export function parseSums(text: string): FileDigest[] | undefined {
  const files: FileDigest[] = [];
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const match = sumsLine.exec(line);
    if (!match) return undefined;
    const [, escaped, hex = '', name = ''] = match;
    files.push({ path: escaped ? unescapeName(name) : name, sha256: hex });
  }
  return files;
}

function unescapeName(name: string): string {
  return name.replace(/\\([\\nr])/g, (_, letter: string) =>
    letter === 'n' ? '\n' : letter === 'r' ? '\r' : '\\',
  );
}
