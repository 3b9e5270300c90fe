import type { Target } from '../../core/target.ts';
import type { ImageConfig } from '../image/config.ts';
import type { Instruction } from './instruction.ts';
import type { Comment, Directive, SyntaxProblem } from './parse.ts';

/** From one FROM to the next. */
export interface Stage {
  readonly index: number;
  readonly from: Instruction;
  /** What follows AS; undefined for a stage without a name. */
  readonly name: string | undefined;
  /** As it is written. */
  readonly base: string;
  /** With the defaults of ARGs filled in; undefined where one has none. */
  readonly image: string | undefined;
  /** The earlier stage that it begins with. */
  readonly parent: Stage | undefined;
  /** Those after FROM. */
  readonly instructions: readonly Instruction[];
}

/** What is left out of the build context, and the file that says so. */
export interface IgnoreFile {
  readonly file: string;
  ignores(path: string): boolean;
}

/** The image that was made of a Dockerfile, or why nobody could look into it. */
export type Built =
  | { readonly reference: string; readonly config: ImageConfig }
  | { readonly reference: string; readonly why: string };

/** One Dockerfile. */
export interface Dockerfile extends Target {
  readonly kind: 'dockerfile';
  /** As findings name it. */
  readonly file: string;
  readonly escapeSign: string;
  /** Without their ends. */
  readonly lines: readonly string[];
  /** That of the first line. */
  readonly lineEnd: '\n' | '\r\n';
  readonly directives: readonly Directive[];
  readonly comments: readonly Comment[];
  readonly instructions: readonly Instruction[];
  readonly stages: readonly Stage[];
  readonly problems: readonly SyntaxProblem[];
  readonly ignore: IgnoreFile | undefined;
  /** Undefined where no image was named. */
  readonly built: Built | undefined;
}

/** The stage that is built when none is named. */
export const lastStage = ({ stages }: Dockerfile): Stage | undefined => stages.at(-1);

/** A stage and those that it begins with, from the base on. */
export function lineage(stage: Stage | undefined): readonly Stage[] {
  return stage ? [...lineage(stage.parent), stage] : [];
}

/** Instructions of a name that take effect in the build itself. */
export function ofKeyword(
  instructions: readonly Instruction[],
  ...keywords: readonly string[]
): readonly Instruction[] {
  return instructions.filter(({ keyword, onBuild }) => !onBuild && keywords.includes(keyword));
}
