import { redactionMark } from '../../core/redact.ts';
import { anchorSearch } from './anchors.ts';
import { findKeywords } from './keyword-search.ts';
import { matchAt } from './match.ts';

/** A value in base64 is told by its text alone. */
const noBytes = new Uint8Array();

/**
 * Replaces whatever looks like a token, sound or not; one that only its name tells, or that a person chose, has
 * no form to know it by. Most texts hold no anchor and cost one search.
 */
export function redactTokens(text: string): string {
  const { anchors, table } = anchorSearch();
  const spans: { start: number; end: number }[] = [];
  // Characters beyond Latin-1 lose their upper half and may look like others: patterns are tried on the text.
  findKeywords(table, Buffer.from(text, 'latin1'), 0, (index, end) => {
    const anchor = anchors[index];
    if (!anchor) return;
    const from = end - anchor.text.length;
    if (anchor.encoded) {
      const match = matchAt(anchor, noBytes, () => ({ text, from: 0 }), from);
      if (match) spans.push({ start: match.start, end: match.end });
      return;
    }
    for (const { shape } of anchor.shapes) {
      if (shape.assigned || shape.chosen) continue;
      shape.pattern.lastIndex = from;
      const match = shape.pattern.exec(text);
      if (match) spans.push({ start: match.index, end: match.index + match[0].length });
    }
  });
  if (spans.length === 0) return text;
  let result = '';
  let at = 0;
  for (const { start, end } of spans.sort((a, b) => a.start - b.start)) {
    if (end <= at) continue;
    if (start >= at) result += text.slice(at, start) + redactionMark;
    at = end;
  }
  return result + text.slice(at);
}
