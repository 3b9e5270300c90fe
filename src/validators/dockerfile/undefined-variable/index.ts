import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { nearest } from '../../../core/suggest.ts';
import type { Dockerfile, Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction, Word } from '../instruction.ts';
import { globalScope, predefinedVariables, type Scope, scopesIn } from '../stages.ts';
import { expand } from '../words.ts';

/** Instructions whose words the build fills in (https://docs.docker.com/reference/dockerfile/#environment-replacement). */
const filledIn: ReadonlySet<string> = new Set([
  ...['ADD', 'ARG', 'COPY', 'ENV', 'EXPOSE', 'LABEL', 'STOPSIGNAL', 'USER', 'VOLUME', 'WORKDIR'],
]);

/**
 * A variable may come from the base image, which a Dockerfile does not show. So it is an information where the
 * base is an image, unless a known name is close to it; an image that was built tells what its base set.
 */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/undefined-variable',
  title: 'Variables are declared before they are used',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A variable that nobody set is empty, and a build goes on with `COPY  /app` or a PATH that lacks what it had.',
    messages: {
      undefined: '{{name}} is set nowhere before it is used{{hint}}',
      perhaps: '{{name}} is set nowhere in the file; the base image {{image}} would have to',
    },
    remediation: 'Declare it with ARG or ENV in the same stage, or mend its name.',
    bad: {
      language: 'dockerfile',
      text: 'ARG VERSION=1\nFROM scratch\nENV PATH=$PAHT:/app/bin\nCOPY app-$VERSION /app\n',
      findings: [
        { messageId: 'undefined', line: 3, column: 10 },
        { messageId: 'undefined', line: 4, column: 6 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'ARG VERSION=1\nFROM scratch\nARG VERSION\nENV PATH=$PATH:/app/bin\nCOPY app-$VERSION /app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/build-checks/undefined-var/'],
  },
  run({ target }) {
    const globals = globalScope(target.instructions, target.escapeSign);
    return target.stages.flatMap((stage) => ofStage(target, stage, globals));
  },
};

function ofStage(target: Dockerfile, stage: Stage, globals: Scope): Draft[] {
  const { escapeSign } = target;
  const scopes = scopesIn(stage, globals, escapeSign);
  const image = rootOf(stage);
  const inherited = builtWith(target, stage);
  return stage.instructions.flatMap((instruction, index) => {
    if (instruction.onBuild || !filledIn.has(instruction.keyword)) return [];
    const scope = scopes[index] ?? new Map();
    return wordsOf(instruction).flatMap((word) =>
      expand(word.text, escapeSign).references.flatMap(({ name, hasDefault }) => {
        if (hasDefault || scope.has(name) || isGiven(name) || inherited.has(name)) return [];
        const near = nearest(name, [...scope.keys(), 'PATH']);
        if (near === undefined && image !== 'scratch') {
          const draft = draftAt(target, word.place, 'perhaps', { name, image });
          return [{ ...draft, severity: 'info' as const }];
        }
        const hint = near === undefined ? '' : `; did you mean ${near}?`;
        return [draftAt(target, word.place, 'undefined', { name, hint })];
      }),
    );
  });
}

/** Every image has a PATH; the shell's own parameters are no variables of a build. */
const isGiven = (name: string): boolean =>
  name === 'PATH' || predefinedVariables.has(name) || /^[0-9@*#?]$/.test(name);

function wordsOf({ keyword, pairs, words, flags }: Instruction): readonly Word[] {
  if (keyword === 'ENV' || keyword === 'LABEL' || keyword === 'ARG') {
    return pairs.flatMap(({ name, value }) => [name, ...(value ? [value] : [])]);
  }
  const filled = flags.flatMap(({ value, place }) =>
    value === undefined ? [] : [{ text: value, value, place }],
  );
  return [...filled, ...words];
}

/** The image below all stages. */
function rootOf(stage: Stage): string {
  return stage.parent ? rootOf(stage.parent) : stage.base;
}

/** What the built image has was set by the file or by the base of its last stage. */
function builtWith({ built, stages }: Dockerfile, stage: Stage): ReadonlySet<string> {
  if (!built || 'why' in built || stage !== stages.at(-1)) return new Set();
  return new Set(built.config.env.map((variable) => variable.split('=', 1)[0] ?? ''));
}
