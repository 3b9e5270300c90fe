import type { ShellScript } from './shell-script.ts';
import type { Pieced, Place } from './text.ts';

/** An argument of an instruction. */
export interface Word {
  /** As it is written, with quotes. */
  readonly text: string;
  /** Without quotes; variables stand as they are written. */
  readonly value: string;
  readonly place: Place;
}

/** `--name=value` before the arguments. */
export interface Flag {
  readonly name: string;
  /** Undefined where no equals sign follows. */
  readonly value: string | undefined;
  readonly place: Place;
}

/** A document in an instruction (`<<EOF`). */
export interface Heredoc {
  readonly name: string;
  /** Whether variables in it are filled in. */
  readonly expands: boolean;
  /** As it is written, without the line that ends it. */
  readonly body: Pieced;
}

/** `NAME=value` of ENV, ARG and LABEL. */
export interface Pair {
  readonly name: Word;
  /** Undefined for an ARG without a default. */
  readonly value: Word | undefined;
}

export interface Instruction {
  /** In capitals. */
  readonly keyword: string;
  /** As it is written. */
  readonly written: string;
  readonly place: Place;
  /** The last line that belongs to it, with its heredocs. */
  readonly lastLine: number;
  readonly flags: readonly Flag[];
  /** What follows keyword and flags, without heredocs; continued lines are joined. */
  readonly body: Pieced;
  readonly words: readonly Word[];
  /** The arguments where they are a JSON list of texts. */
  readonly json: readonly string[] | undefined;
  readonly heredocs: readonly Heredoc[];
  readonly pairs: readonly Pair[];
  /** ENV and LABEL without an equals sign. */
  readonly isLegacyPair: boolean;
  /** It is what an ONBUILD triggers, which comes before it. */
  readonly onBuild: boolean;
  /** Of {@link Dockerfile.stages}; -1 before the first FROM. */
  readonly stage: number;
  /** What runs it: that of SHELL, or the default. */
  readonly interpreter: readonly string[];
  /** Of RUN, and of CMD, ENTRYPOINT and HEALTHCHECK in shell form; undefined for what no POSIX shell runs. */
  readonly script: ShellScript | undefined;
}

/** The value of a flag; an empty text for a flag without one. */
export function flagOf({ flags }: Instruction, name: string): string | undefined {
  const flag = flags.find((one) => one.name === name);
  return flag && (flag.value ?? '');
}
