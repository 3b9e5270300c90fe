import type { Stage } from './dockerfile.ts';
import type { Instruction } from './instruction.ts';
import { expand, type Lookup } from './words.ts';

/** Variables that a build has by itself in FROM (https://docs.docker.com/reference/dockerfile/#automatic-platform-args-in-the-global-scope). */
export const platformVariables: ReadonlySet<string> = new Set(
  ['TARGET', 'BUILD'].flatMap((side) =>
    ['PLATFORM', 'OS', 'ARCH', 'VARIANT', 'OSVERSION'].map((part) => `${side}${part}`),
  ),
);

/** Variables that every RUN may use without an ARG (https://docs.docker.com/reference/dockerfile/#predefined-args). */
export const predefinedVariables: ReadonlySet<string> = new Set(
  ['HTTP_PROXY', 'HTTPS_PROXY', 'FTP_PROXY', 'NO_PROXY', 'ALL_PROXY'].flatMap((name) => [
    name,
    name.toLowerCase(),
  ]),
);

/** Variables by name; undefined for one whose value only a build knows. */
export type Scope = ReadonlyMap<string, string | undefined>;

/** What ARGs before the first FROM give to FROM. */
export function globalScope(instructions: readonly Instruction[], escapeSign: string): Scope {
  const scope = new Map<string, string | undefined>();
  for (const { keyword, stage, pairs } of instructions) {
    if (stage !== -1 || keyword !== 'ARG') continue;
    for (const { name, value } of pairs) {
      scope.set(name.value, value && filled(value.text, escapeSign, (one) => scope.get(one)));
    }
  }
  return scope;
}

export function filled(text: string, escapeSign: string, lookup: Lookup): string | undefined {
  const { value, complete } = expand(text, escapeSign, lookup);
  return complete ? value : undefined;
}

export function stagesOf(instructions: readonly Instruction[], escapeSign: string): Stage[] {
  const globals = globalScope(instructions, escapeSign);
  const parts = Map.groupBy(instructions, ({ stage }) => stage);
  const stages: Stage[] = [];
  for (const from of instructions.filter(({ keyword }) => keyword === 'FROM')) {
    const [base, as, name] = from.words;
    const image = filled(base?.text ?? '', escapeSign, (one) => globals.get(one));
    const known = as?.value.toLowerCase() === 'as' ? name?.value : undefined;
    stages.push({
      ...{ index: from.stage, from, image, name: known },
      base: base?.value ?? '',
      parent: stageNamed(stages, image ?? ''),
      instructions: (parts.get(from.stage) ?? []).slice(1),
    });
  }
  return stages;
}

/** Names are told apart without regard to case; the last one of a name counts. */
export function stageNamed(stages: readonly Stage[], name: string): Stage | undefined {
  const wanted = name.toLowerCase();
  return stages.findLast((stage) => stage.name?.toLowerCase() === wanted);
}

/** What `--from` refers to: a name, or the number of an earlier stage. */
export function stageFrom(stages: readonly Stage[], from: string): Stage | undefined {
  const named = stageNamed(stages, from);
  if (named) return named;
  return /^\d+$/.test(from) ? stages[Number(from)] : undefined;
}

/** The variables that each instruction of a stage finds, in their order. */
export function scopesIn(stage: Stage, globals: Scope, escapeSign: string): readonly Scope[] {
  let scope: Scope = stage.parent ? scopeAfter(stage.parent, globals, escapeSign) : new Map();
  return stage.instructions.map((instruction) => {
    const before = scope;
    scope = withPairs(scope, instruction, globals, escapeSign);
    return before;
  });
}

function scopeAfter(stage: Stage, globals: Scope, escapeSign: string): Scope {
  const start: Scope = stage.parent ? scopeAfter(stage.parent, globals, escapeSign) : new Map();
  return stage.instructions.reduce(
    (scope, instruction) => withPairs(scope, instruction, globals, escapeSign),
    start,
  );
}

function withPairs(
  scope: Scope,
  instruction: Instruction,
  globals: Scope,
  escapeSign: string,
): Scope {
  const { keyword, pairs, onBuild } = instruction;
  if (onBuild || (keyword !== 'ARG' && keyword !== 'ENV') || pairs.length === 0) return scope;
  const added = new Map(scope);
  for (const { name, value } of pairs) {
    // Within one ENV, names stand for what they were before it.
    const held = value && filled(value.text, escapeSign, (one) => scope.get(one));
    added.set(name.value, value ? held : globals.get(name.value));
  }
  return added;
}
