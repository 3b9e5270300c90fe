import type { Place } from './text.ts';

/** Something in a word that the shell fills in. */
export interface ShellExpansion {
  readonly kind: 'variable' | 'command' | 'arithmetic' | 'glob' | 'brace' | 'process';
  /** Of a variable. */
  readonly name: string;
  /** Within double quotes. */
  readonly quoted: boolean;
  /** `${x:-…}` and the like; an empty text where there is none. */
  readonly operator: string;
  /** `${#x}`, `${!x}` */
  readonly prefix: string;
  readonly backticks: boolean;
  readonly place: Place;
}

export interface ShellWord {
  /** As it is written. */
  readonly text: string;
  /** Without quotes, when the shell fills nothing in. */
  readonly value: string | undefined;
  readonly place: Place;
  readonly expansions: readonly ShellExpansion[];
}

export interface ShellAssignment {
  readonly name: string;
  readonly value: ShellWord | undefined;
  readonly place: Place;
}

/** A simple command, wherever it stands in a script. */
export interface ShellCommand {
  /** Without quotes and folders; an empty text when it is not known. */
  readonly name: string;
  /** The name first. */
  readonly words: readonly ShellWord[];
  /** Before the name, or arguments of `export` and the like. */
  readonly assignments: readonly ShellAssignment[];
  readonly redirects: readonly {
    readonly operator: string;
    readonly target: ShellWord | undefined;
  }[];
  readonly place: Place;
  /** Something looks at its exit code: `&&`, `||`, `if`, `while`, `!`. */
  readonly isChecked: boolean;
  /** Its output goes to another command. */
  readonly isPiped: boolean;
  /** In a subshell or a substitution, whose folder ends with it. */
  readonly isNested: boolean;
}

/** Something that bash and others understand, and sh need not. */
export interface Bashism {
  readonly what: string;
  readonly code: string;
  readonly place: Place;
}

export interface ShellProblem {
  readonly message: string;
  readonly place: Place;
}

/** What rules ask of a shell script; loops and branches are walked through. */
export interface ShellScript {
  readonly commands: readonly ShellCommand[];
  /** Where a pipe stands. */
  readonly pipes: readonly Place[];
  /** Names that get a value, or may: assignments, `read`, `for`, `${x:=…}`. */
  readonly assigned: ReadonlySet<string>;
  /** Every variable that is used, in words, documents, arithmetic. */
  readonly used: readonly ShellExpansion[];
  readonly bashisms: readonly Bashism[];
  readonly problems: readonly ShellProblem[];
  /** Commands that run when either of two before them fails: `a && b || c`. */
  readonly fallbacks: readonly Place[];
}

/** The arguments whose text is known and that are no options, after the name. */
export function operandsOf({ words }: ShellCommand): readonly ShellWord[] {
  return words.slice(1).filter(({ text }) => !text.startsWith('-'));
}

/** Whether one of the words is that option, or a group of short ones that holds it (`-qy`). */
export function hasOption({ words }: ShellCommand, ...names: readonly string[]): boolean {
  return words.slice(1).some(({ value, text }) => {
    const word = value ?? text;
    return names.some((name) =>
      name.startsWith('--')
        ? word === name || word.startsWith(`${name}=`)
        : word === name ||
          (name.length === 2 && isShortGroup(word) && word.includes(name.slice(1))),
    );
  });
}

const isShortGroup = (word: string): boolean => /^-[A-Za-z]{2,}$/.test(word);
