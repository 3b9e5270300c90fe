import type { Command, SyntaxNode } from 'unbash';
import type { Bashism } from './shell-script.ts';

type Found = Omit<Bashism, 'place'>;

const saying = (code: string, what: string): Found => ({ code, what });

/**
 * Whether a node is something that POSIX sh need not understand
 * (https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html), by the number that ShellCheck gives it.
 */
export function bashismOf(node: SyntaxNode): Found | undefined {
  switch (node.type) {
    case 'ProcessSubstitution':
      return saying('SC3001', 'process substitution');
    case 'ExtendedGlob':
      return saying('SC3002', 'an extended pattern');
    case 'AnsiCQuoted':
      return saying('SC3003', "$'…'");
    case 'LocaleString':
      return saying('SC3004', '$"…"');
    case 'ArithmeticFor':
      return saying('SC3005', 'for ((…))');
    case 'ArithmeticCommand':
      return saying('SC3006', '((…))');
    case 'Select':
      return saying('SC3008', 'select');
    case 'BraceExpansion':
      return saying('SC3009', 'brace expansion');
    case 'TestCommand':
      return saying('SC3010', '[[ … ]]');
    case 'HereString':
      return saying('SC3011', '<<<');
    case 'ArrayValue':
      return saying('SC3030', 'an array');
    case 'Redirect':
      return node.operator.startsWith('&>') ? saying('SC3020', node.operator) : undefined;
    case 'Pipeline':
      return node.operators.includes('|&') ? saying('SC3050', '|&') : undefined;
    case 'ParameterExpansion':
      return ofParameter(node);
    case 'Command':
      return ofCommand(node);
    default:
      return undefined;
  }
}

function ofParameter({
  operation,
  prefix,
  index,
}: Extract<SyntaxNode, { type: 'ParameterExpansion' }>): Found | undefined {
  if (prefix === '!') return saying('SC3053', 'indirect expansion');
  if (index !== undefined) return saying('SC3054', 'an array');
  switch (operation?.type) {
    case 'Slice':
      return saying('SC3057', 'a part of a variable by its position');
    case 'CaseModification':
      return saying('SC3059', 'a change of case');
    case 'Replace':
      return saying('SC3060', 'a replacement in a variable');
    case 'Transform':
      return saying('SC3058', 'a transformation of a variable');
    default:
      return undefined;
  }
}

/** Builtins that sh need not have. */
const builtins: Readonly<Record<string, string>> = {
  declare: 'SC3044',
  dirs: 'SC3044',
  disown: 'SC3044',
  let: 'SC3039',
  mapfile: 'SC3044',
  popd: 'SC3044',
  pushd: 'SC3044',
  readarray: 'SC3044',
  shopt: 'SC3044',
  source: 'SC3046',
  typeset: 'SC3044',
};

function ofCommand({ name, args }: Command): Found | undefined {
  const word = name?.value ?? '';
  const code = Object.hasOwn(builtins, word) ? builtins[word] : undefined;
  if (code !== undefined) return saying(code, word);
  const values = args.map((arg) => (arg.type === 'Word' ? arg.value : arg.text));
  switch (word) {
    case 'set':
      return setsPipefail(values) ? saying('SC3040', 'set -o pipefail') : undefined;
    case 'echo':
      return /^-[neE]*[eE][neE]*$/.test(values[0] ?? '')
        ? saying('SC3037', `echo ${values[0]}`)
        : undefined;
    case '[':
    case 'test':
      return values.includes('==') ? saying('SC3014', '== in a test') : undefined;
    default:
      return undefined;
  }
}

const setsPipefail = (values: readonly string[]): boolean =>
  values.some((value, index) => value === 'pipefail' && /^-\w*o$/.test(values[index - 1] ?? ''));
