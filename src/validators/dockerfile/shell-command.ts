import type { Command, Redirection, Word, WordPart } from 'unbash';
import type { ShellAssignment, ShellCommand, ShellExpansion, ShellWord } from './shell-script.ts';
import type { Place } from './text.ts';

/** Where a command stands, as far as rules ask for it. */
export interface Standing {
  readonly isChecked: boolean;
  readonly isPiped: boolean;
  readonly isNested: boolean;
  readonly place: (index: number) => Place;
}

/** A simple command, with what its words are made of. */
export function commandOf(node: Command, standing: Standing): ShellCommand {
  const words = [...(node.name ? [node.name] : []), ...node.args];
  const assignments = [...node.prefix, ...node.args].flatMap((part): ShellAssignment[] => {
    if (part.type !== 'Assignment') return [];
    const value = part.value.type === 'Word' ? wordOf(part.value, standing) : undefined;
    return [{ name: part.name, value, place: standing.place(part.pos) }];
  });
  const { isChecked, isPiped, isNested } = standing;
  return {
    ...{ isChecked, isPiped, isNested, assignments },
    name: nameOf(node.name),
    words: words.map((word) =>
      word.type === 'Word'
        ? wordOf(word, standing)
        : { text: word.text, value: undefined, place: standing.place(word.pos), expansions: [] },
    ),
    redirects: node.redirects.flatMap((one) => redirectOf(one, standing)),
    place: standing.place(node.pos),
  };
}

function redirectOf(node: Redirection, standing: Standing): ShellCommand['redirects'] {
  if (node.type === 'HereDoc') return [];
  return [{ operator: node.operator, target: node.target && wordOf(node.target, standing) }];
}

/** Of a program in a folder the last name. */
export function nameOf(name: Word | undefined): string {
  if (!name || (name.parts && !name.parts.every(isLiteral))) return '';
  return name.value.slice(name.value.lastIndexOf('/') + 1);
}

function wordOf(word: Word, standing: Standing): ShellWord {
  const { text, parts = [] } = word;
  return {
    text,
    value: parts.every(isLiteral) ? word.value : undefined,
    place: standing.place(word.pos),
    expansions: parts.flatMap((part) => expansionsOf(part, false, standing)),
  };
}

function isLiteral(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every((one) => one.type === 'Literal');
  return ['Literal', 'SingleQuoted', 'AnsiCQuoted'].includes(part.type);
}

export function expansionsOf(
  part: WordPart,
  quoted: boolean,
  standing: Standing,
): ShellExpansion[] {
  const plain = { name: '', quoted, operator: '', prefix: '', backticks: false };
  const place = standing.place(part.pos);
  switch (part.type) {
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((one) => expansionsOf(one, true, standing));
    case 'SimpleExpansion':
      return [{ ...plain, kind: 'variable', name: part.text.slice(1), place }];
    case 'ParameterExpansion': {
      const { parameter: name, prefix = '', operation } = part;
      const operator = operation && 'operator' in operation ? operation.operator : '';
      return [{ ...plain, kind: 'variable', name, prefix, operator, place }];
    }
    case 'CommandExpansion':
      return [{ ...plain, kind: 'command', backticks: part.text.startsWith('`'), place }];
    case 'ArithmeticExpansion':
      return [{ ...plain, kind: 'arithmetic', place }];
    case 'ProcessSubstitution':
      return [{ ...plain, kind: 'process', place }];
    case 'Glob':
    case 'ExtendedGlob':
      return [{ ...plain, kind: 'glob', place }];
    case 'BraceExpansion':
      return [{ ...plain, kind: 'brace', place }];
    default:
      return [];
  }
}
