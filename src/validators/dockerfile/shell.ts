import {
  type Command,
  forEachChild,
  type ParsedScript,
  parse,
  type Redirection,
  type SyntaxNode,
  type Word,
  type WordPart,
} from 'unbash';
import { bashismOf } from './bashisms.ts';
import type {
  Bashism,
  ShellAssignment,
  ShellCommand,
  ShellExpansion,
  ShellProblem,
  ShellScript,
  ShellWord,
} from './shell-script.ts';
import type { Pieced, Place } from './text.ts';

/** Substitutions within each other; nobody writes more than a few, and the stack is not endless. */
const maxNesting = 40;

/** Where a command stands, as far as rules ask for it. */
interface Context {
  readonly isChecked: boolean;
  readonly isPiped: boolean;
  readonly isNested: boolean;
  readonly depth: number;
  /** What the places of nodes are indexes of. */
  readonly text: string;
  readonly place: (index: number) => Place;
}

interface Found {
  readonly commands: ShellCommand[];
  readonly pipes: Place[];
  readonly assigned: Set<string>;
  readonly used: ShellExpansion[];
  readonly bashisms: Bashism[];
  readonly problems: ShellProblem[];
}

/** A script of sh or bash; what cannot be read becomes a problem, and the rest is read on. */
export function readShell(source: Pieced): ShellScript {
  const found: Found = {
    commands: [],
    pipes: [],
    assigned: new Set(),
    used: [],
    bashisms: [],
    problems: [],
  };
  const context = { isChecked: false, isPiped: false, isNested: false, depth: 0, ...source };
  readScript(parse(source.text), context, found);
  return found;
}

function readScript(script: ParsedScript, context: Context, found: Found): void {
  for (const { message, pos } of script.errors ?? []) {
    found.problems.push({ message, place: context.place(pos) });
  }
  for (const statement of script.commands) readNode(statement, context, found);
}

/** Walks down; a node that says something about what is below it changes the context. */
function readNode(node: SyntaxNode, context: Context, found: Found): void {
  const bashism = bashismOf(node);
  if (bashism) found.bashisms.push({ ...bashism, place: context.place(node.pos) });
  const below = (child: SyntaxNode, more: Partial<Context> = {}) =>
    readNode(child, { ...context, ...more }, found);
  switch (node.type) {
    case 'AndOr':
      for (const [index, command] of node.commands.entries()) {
        // The exit code of the last one is that of the whole list.
        const isLast = index === node.commands.length - 1;
        below(command, isLast ? {} : { isChecked: true });
      }
      return;
    case 'Pipeline': {
      const negated = node.prefixes.some(({ type }) => type === 'Negation');
      for (const [index, command] of node.commands.entries()) {
        const isLast = index === node.commands.length - 1;
        if (!isLast) found.pipes.push(pipeAfter(command.end, context));
        below(command, {
          isNested: context.isNested || node.commands.length > 1,
          isPiped: !isLast,
          isChecked: context.isChecked || negated,
        });
      }
      return;
    }
    case 'If':
    case 'Elif':
    case 'While':
      forEachChild(node, (child) => {
        below(child, child === node.clause ? { isChecked: true } : { isChecked: false });
      });
      return;
    case 'Subshell':
      below(node.body, { isNested: true });
      return;
    case 'For':
    case 'Select':
      found.assigned.add(node.name.text);
      break;
    case 'Command':
      found.commands.push(commandOf(node, context));
      noteNames(node, found);
      break;
    case 'Assignment':
      found.assigned.add(node.name);
      break;
    case 'CommandExpansion':
    case 'ProcessSubstitution':
    case 'ArithmeticCommandExpansion':
      if (node.script) readNested(node.script, node.pos, context, found);
      return;
    case 'SimpleExpansion':
    case 'ParameterExpansion':
      found.used.push(...expansionsOf(node, false, context));
      if (node.type === 'ParameterExpansion' && isAssigning(node)) {
        found.assigned.add(node.parameter);
      }
      break;
    case 'ArithmeticWord':
      if (/^[A-Za-z_]\w*$/.test(node.value)) found.assigned.add(node.value);
      break;
    default:
  }
  forEachChild(node, (child) => below(child));
}

const pipeAfter = (end: number, { text, place }: Context): Place =>
  place(Math.max(end, text.indexOf('|', end)));

const isAssigning = ({ operation }: Extract<WordPart, { type: 'ParameterExpansion' }>): boolean =>
  operation?.type === 'Default' && operation.operator.endsWith('=');

function readNested(script: ParsedScript, at: number, context: Context, found: Found): void {
  const depth = context.depth + 1;
  if (depth > maxNesting) {
    const message = `substitutions are nested deeper than ${maxNesting}`;
    found.problems.push({ message, place: context.place(at) });
    return;
  }
  // Escaped backticks are a text of their own, whose places are not those of the file.
  const own =
    script.source === undefined ? {} : { text: script.source, place: () => context.place(at) };
  readScript(
    script,
    { ...context, isChecked: false, isPiped: false, isNested: true, depth, ...own },
    found,
  );
}

function commandOf(node: Command, context: Context): ShellCommand {
  const words = [...(node.name ? [node.name] : []), ...node.args];
  const assignments = [...node.prefix, ...node.args].flatMap((part): ShellAssignment[] => {
    if (part.type !== 'Assignment') return [];
    const value = part.value.type === 'Word' ? wordOf(part.value, context) : undefined;
    return [{ name: part.name, value, place: context.place(part.pos) }];
  });
  const { isChecked, isPiped, isNested } = context;
  return {
    ...{ isChecked, isPiped, isNested, assignments },
    name: nameOf(node.name),
    words: words.map((word) =>
      word.type === 'Word'
        ? wordOf(word, context)
        : { text: word.text, value: undefined, place: context.place(word.pos), expansions: [] },
    ),
    redirects: node.redirects.flatMap((one) => redirectOf(one, context)),
    place: context.place(node.pos),
  };
}

function redirectOf(node: Redirection, context: Context): ShellCommand['redirects'] {
  if (node.type === 'HereDoc') return [];
  return [{ operator: node.operator, target: node.target && wordOf(node.target, context) }];
}

/** Of a program in a folder the last name. */
function nameOf(name: Word | undefined): string {
  if (!name || (name.parts && !name.parts.every(isLiteral))) return '';
  return name.value.slice(name.value.lastIndexOf('/') + 1);
}

function wordOf(word: Word, context: Context): ShellWord {
  const { text, parts = [] } = word;
  return {
    text,
    value: parts.every(isLiteral) ? word.value : undefined,
    place: context.place(word.pos),
    expansions: parts.flatMap((part) => expansionsOf(part, false, context)),
  };
}

function isLiteral(part: WordPart): boolean {
  if (part.type === 'DoubleQuoted') return part.parts.every((one) => one.type === 'Literal');
  return ['Literal', 'SingleQuoted', 'AnsiCQuoted'].includes(part.type);
}

function expansionsOf(part: WordPart, quoted: boolean, context: Context): ShellExpansion[] {
  const plain = { name: '', quoted, operator: '', prefix: '', backticks: false };
  const place = context.place(part.pos);
  switch (part.type) {
    case 'DoubleQuoted':
    case 'LocaleString':
      return part.parts.flatMap((one) => expansionsOf(one, true, context));
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

/** Names that builtins give a value to. */
function noteNames(node: Command, found: Found): void {
  const words = node.args.map((word) => (word.type === 'Word' ? word.value : word.name));
  switch (nameOf(node.name)) {
    case 'read':
    case 'mapfile':
    case 'readarray':
    case 'export':
    case 'declare':
    case 'typeset':
    case 'local':
    case 'readonly':
    case 'unset':
    case 'getopts':
    case 'let':
    case 'printf':
      for (const word of words) {
        const name = /^[A-Za-z_]\w*/.exec(word)?.[0];
        if (name !== undefined) found.assigned.add(name);
      }
      return;
    case '.':
    case 'source':
    case 'eval':
      // What they set is not known, so everything may be.
      found.assigned.add('*');
      return;
    default:
  }
}
