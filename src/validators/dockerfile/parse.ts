import { Fault } from '../../core/fault.ts';
import { bodiesOf, type HeredocStart, heredocStartsIn } from './heredocs.ts';
import { type Line, linesOf, type Pieced, type Place, piecedOf } from './text.ts';

/** Hostile files end here; the longest Dockerfiles that people write have some hundred instructions. */
export const bounds = { bytes: 1024 * 1024, instructions: 5000 } as const;

/** A comment, on a line of its own. */
export interface Comment {
  /** With its sign. */
  readonly text: string;
  readonly place: Place;
  /** Line of the instruction that follows or that it stands in; 0 where none follows. */
  readonly about: number;
}

/** A comment at the top that changes how the file is read (`# escape=`). */
export interface Directive {
  /** In small letters. */
  readonly name: string;
  readonly value: string;
  readonly place: Place;
}

/** An instruction with its arguments as one text. */
export interface RawInstruction {
  readonly written: string;
  readonly place: Place;
  readonly lastLine: number;
  /** All that follows the keyword, on one line. */
  readonly rest: Pieced;
  readonly heredocs: readonly { readonly start: HeredocStart; readonly body: Pieced }[];
}

/** Something that BuildKit refuses or is going to refuse. */
export interface SyntaxProblem {
  readonly id: 'empty-continuation' | 'unfinished-heredoc';
  readonly place: Place;
  readonly what: string;
}

export interface Parsed {
  readonly escapeSign: string;
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly instructions: readonly RawInstruction[];
  readonly problems: readonly SyntaxProblem[];
}

const directivePattern = /^#\s*([A-Za-z][A-Za-z0-9]*)\s*=\s*(\S.*?)\s*$/;
const known: ReadonlySet<string> = new Set(['syntax', 'escape', 'check']);

/**
 * Reads lines, continued lines, comments and documents as BuildKit does:
 * https://docs.docker.com/reference/dockerfile/#format
 * @param text without byte order mark
 * @throws Fault `input-too-large`
 */
export function parse(text: string, name: string): Parsed {
  const lines = linesOf(text);
  const directives = directivesIn(lines);
  const chosen = directives.find((directive) => directive.name === 'escape')?.value;
  const escapeSign = chosen === '`' ? '`' : '\\';
  const comments: Comment[] = [];
  const pending: Omit<Comment, 'about'>[] = [];
  const instructions: RawInstruction[] = [];
  const problems: SyntaxProblem[] = [];
  for (let at = 0; at < lines.length; ) {
    const content = (lines[at]?.text ?? '').trimStart();
    if (content === '' || content.startsWith('#')) {
      if (content !== '') pending.push(commentAt(lines, at));
      at += 1;
      continue;
    }
    if (instructions.length >= bounds.instructions) {
      throw new Fault('input-too-large', `${name}: more than ${bounds.instructions} instructions`);
    }
    const gathered = gather(lines, at, escapeSign);
    const about = at + 1;
    comments.push(
      ...[...pending.splice(0), ...gathered.comments].map((one) => ({ ...one, about })),
    );
    problems.push(...gathered.problems);
    const { written, place, rest } = keywordOf(gathered.body);
    const starts = heredocStartsIn(written, rest, escapeSign);
    const { bodies, next, unfinished } = bodiesOf(lines, gathered.next, starts);
    for (const { name: what } of unfinished) {
      problems.push({ id: 'unfinished-heredoc', place, what });
    }
    instructions.push({
      ...{ written, place, rest, lastLine: next },
      heredocs: starts.map((start, index) => ({ start, body: bodies[index] ?? piecedOf([]) })),
    });
    at = next;
  }
  comments.push(...pending.map((one) => ({ ...one, about: 0 })));
  return { escapeSign, directives, comments, instructions, problems };
}

/** They end with the first line that is none. */
function directivesIn(lines: readonly Line[]): Directive[] {
  const directives: Directive[] = [];
  for (const [at, { text }] of lines.entries()) {
    const [, word = '', value = ''] = directivePattern.exec(text.trim()) ?? [];
    const name = word.toLowerCase();
    if (!known.has(name)) break;
    directives.push({ name, value, place: { line: at + 1, column: text.indexOf('#') + 1 } });
  }
  return directives;
}

function commentAt(lines: readonly Line[], at: number): Omit<Comment, 'about'> {
  const text = lines[at]?.text ?? '';
  const trimmed = text.trimStart();
  const column = text.length - trimmed.length + 1;
  return { text: trimmed.trimEnd(), place: { line: at + 1, column } };
}

interface Gathered {
  readonly body: Pieced;
  readonly comments: readonly Omit<Comment, 'about'>[];
  readonly problems: readonly SyntaxProblem[];
  /** Index of the first line that is not part of it. */
  readonly next: number;
}

/** The lines of one instruction joined; comments and empty lines between them are left out. */
function gather(lines: readonly Line[], first: number, escapeSign: string): Gathered {
  const pieces: { text: string; place: Place }[] = [];
  const comments: Omit<Comment, 'about'>[] = [];
  const problems: SyntaxProblem[] = [];
  let at = first;
  let continues = true;
  for (; at < lines.length && continues; at++) {
    const text = lines[at]?.text ?? '';
    const trimmed = text.trimStart();
    const place = { line: at + 1, column: 1 };
    if (at > first && trimmed.startsWith('#')) {
      comments.push(commentAt(lines, at));
    } else if (at > first && trimmed === '') {
      // The end of the file ends the instruction, too.
      if (at < lines.length - 1) problems.push({ id: 'empty-continuation', place, what: '' });
    } else {
      const end = continuationOf(text, escapeSign);
      continues = end !== undefined;
      const column = at === first ? text.length - trimmed.length : 0;
      pieces.push({
        text: text.slice(column, end),
        place: { ...place, column: column + 1 },
      });
    }
  }
  return { body: piecedOf(pieces), comments, problems, next: at };
}

/** Index of the escape character that continues the line; an escaped one is a character like others. */
function continuationOf(text: string, escapeSign: string): number | undefined {
  const end = text.trimEnd().length - 1;
  if (text[end] !== escapeSign || text[end - 1] === escapeSign) return undefined;
  return end;
}

function keywordOf(body: Pieced): { written: string; place: Place; rest: Pieced } {
  const written = /^\S+/.exec(body.text)?.[0] ?? '';
  const gap = /^\s*/.exec(body.text.slice(written.length))?.[0].length ?? 0;
  const rest = body.slice(written.length + gap, body.text.trimEnd().length);
  return { written, place: body.place(0), rest };
}
