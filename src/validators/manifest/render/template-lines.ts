import type { Position } from '../../../config/yaml-source.ts';

/**
 * Where a line of rendered text stands in its template. Lines that both have once are the same; between
 * two of them, lines are the same when there are equally many, or when a line of the template begins as
 * the rendered one does before its first action. All else stands at the nearest line above that is known.
 */
export function templatePositions(
  rendered: string,
  template: string,
): (position: Position) => Position {
  const [ours, theirs] = [rendered.split('\n'), template.split('\n')];
  let anchors: readonly Anchor[] | undefined;
  return ({ line, column }) => {
    // Only findings want positions.
    anchors ??= anchorsOf(ours, theirs);
    const found = lineOf(line - 1, ours, theirs, anchors);
    const text = theirs[found] ?? '';
    const isSame = text.trim() === ours[line - 1]?.trim();
    const shift = isSame ? indentOf(text) - indentOf(ours[line - 1] ?? '') : 0;
    return { line: found + 1, column: isSame ? column + shift : indentOf(text) + 1 };
  };
}

interface Anchor {
  readonly ours: number;
  readonly theirs: number;
}

/** Increasing on both sides. */
function anchorsOf(ours: readonly string[], theirs: readonly string[]): readonly Anchor[] {
  const there = onceEach(theirs);
  const anchors: Anchor[] = [];
  for (const [text, at] of onceEach(ours)) {
    const found = there.get(text);
    const last = anchors.at(-1)?.theirs ?? -1;
    if (found !== undefined && found > last) anchors.push({ ours: at, theirs: found });
  }
  return anchors;
}

/** Lines that say something and occur once, with where. */
function onceEach(lines: readonly string[]): ReadonlyMap<string, number> {
  const places = new Map<string, number | undefined>();
  for (const [at, line] of lines.entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#')) continue;
    places.set(text, places.has(text) ? undefined : at);
  }
  return new Map([...places].flatMap(([text, at]) => (at === undefined ? [] : [[text, at]])));
}

function lineOf(
  line: number,
  ours: readonly string[],
  theirs: readonly string[],
  anchors: readonly Anchor[],
): number {
  const next = anchors.findIndex((anchor) => anchor.ours > line);
  const above = anchors[next === -1 ? anchors.length - 1 : next - 1] ?? { ours: -1, theirs: -1 };
  const below = next === -1 ? { ours: ours.length, theirs: theirs.length } : anchors[next];
  if (above.ours === line || !below) return Math.max(0, above.theirs);
  if (below.ours - above.ours === below.theirs - above.theirs) {
    return above.theirs + line - above.ours;
  }
  const text = ours[line]?.trim() ?? '';
  for (let at = above.theirs + 1; at < below.theirs; at++) {
    const [literal = ''] = (theirs[at] ?? '').trim().split('{{');
    if (literal.trim() !== '' && text.startsWith(literal.trim())) return at;
  }
  return Math.max(0, above.theirs);
}

const indentOf = (line: string): number => line.length - line.trimStart().length;
