import {
  type AndOr,
  type Command,
  forEachChild,
  type ParsedScript,
  parse,
  type SyntaxNode,
  type WordPart,
} from 'unbash';
import { bashismOf } from './bashisms.ts';
import { commandOf, expansionsOf, nameOf, type Standing } from './shell-command.ts';
import type {
  Bashism,
  ShellCommand,
  ShellExpansion,
  ShellProblem,
  ShellScript,
} from './shell-script.ts';
import type { Pieced, Place } from './text.ts';

/** Substitutions within each other; nobody writes more than a few, and the stack is not endless. */
const maxNesting = 40;

/** Where a node stands. */
interface Context extends Standing {
  readonly depth: number;
  /** What the places of nodes are indexes of. */
  readonly text: string;
}

interface Found {
  readonly commands: ShellCommand[];
  readonly pipes: Place[];
  readonly assigned: Set<string>;
  readonly used: ShellExpansion[];
  readonly bashisms: Bashism[];
  readonly problems: ShellProblem[];
  readonly fallbacks: Place[];
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
    fallbacks: [],
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
      found.fallbacks.push(...fallbackOf(node, context));
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
      if (!/^[A-Za-z_]\w*$/.test(node.name.text)) {
        const message = `${node.name.text} is no name of a variable`;
        found.problems.push({ message, place: context.place(node.name.pos) });
      }
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

/** The command behind `… && … ||`, unless that says something, ends the script or is there to let it go on. */
function fallbackOf({ commands, operators }: AndOr, { isChecked, place }: Context): Place[] {
  const [before, last] = operators.slice(-2);
  const [done, fallback] = commands.slice(-2);
  if (isChecked || before !== '&&' || last !== '||' || !fallback) return [];
  const isAssignment = done?.type === 'Command' && !done.name;
  const name = fallback.type === 'Command' ? nameOf(fallback.name) : '';
  const isMeant = /^(?:echo|printf|exit|return|true|:)$/.test(name);
  return isAssignment || isMeant ? [] : [place(fallback.pos)];
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
