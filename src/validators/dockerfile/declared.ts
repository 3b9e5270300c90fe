import { posix } from 'node:path';
import { type Dockerfile, lineage, ofKeyword, type Stage } from './dockerfile.ts';
import type { Instruction, Word } from './instruction.ts';
import { filled } from './stages.ts';
import type { Place } from './text.ts';

/** Something that a Dockerfile says; its value is undefined where only a build knows it. */
interface Said {
  readonly value: string | undefined;
  readonly place: Place;
}

interface Named extends Said {
  readonly name: string;
}

/** What the configuration of an image has to be, as far as a Dockerfile alone says so. */
export interface Declared {
  readonly user: Said | undefined;
  readonly workdir: Said | undefined;
  readonly ports: readonly Said[];
  readonly labels: readonly Named[];
  readonly variables: readonly Named[];
  readonly commands: readonly {
    readonly keyword: string;
    readonly value: readonly string[];
    readonly place: Place;
  }[];
  readonly healthCheck: Place | undefined;
}

export function declaredBy(target: Dockerfile, last: Stage): Declared {
  const stages = lineage(last);
  const all = stages.flatMap(({ instructions }) => instructions);
  const { variables, fillIn } = variablesOf(target, all);
  const said = (text: string, { place }: Instruction): Said => ({ value: fillIn(text), place });
  const of = (...keywords: readonly string[]) => ofKeyword(all, ...keywords);
  const [user] = of('USER').slice(-1);
  const health = of('HEALTHCHECK').at(-1);
  const labels = of('LABEL').flatMap(({ pairs, place }) =>
    pairs.map(({ name, value }): Named => {
      return {
        name: name.value,
        value: value && fillIn(value.text),
        place: value?.place ?? place,
      };
    }),
  );
  return {
    user: user && said(user.body.text, user),
    workdir: workdirOf(of('WORKDIR'), fillIn),
    ports: of('EXPOSE').flatMap((one) =>
      one.words
        .map(({ text }) => said(text, one))
        // A range is many ports in the image.
        .filter(({ value }) => !value?.includes('-')),
    ),
    labels: [...new Map(labels.map((one) => [one.name, one])).values()],
    variables,
    commands: commandsOf(stages),
    healthCheck: health && /^CMD\b/i.test(health.body.text) ? health.place : undefined,
  };
}

/** A build argument may be given another value, so what it gives is not known. */
function variablesOf(target: Dockerfile, instructions: readonly Instruction[]) {
  const values = new Map<string, string | undefined>();
  const variables = new Map<string, Named>();
  const fillIn = (text: string) => filled(text, target.escapeSign, (name) => values.get(name));
  const set = (name: Word, value: Word | undefined, isEnv: boolean) => {
    const known = isEnv ? value && fillIn(value.text) : undefined;
    values.set(name.value, known);
    if (isEnv) variables.set(name.value, { name: name.value, value: known, place: name.place });
  };
  for (const { pairs, keyword } of ofKeyword(instructions, 'ENV', 'ARG')) {
    for (const { name, value } of pairs) set(name, value, keyword === 'ENV');
  }
  return { variables: [...variables.values()], fillIn };
}

/** Undefined while it begins in the folder of the base image. */
function workdirOf(
  instructions: readonly Instruction[],
  fillIn: (text: string) => string | undefined,
): Said | undefined {
  const last = instructions.at(-1);
  if (!last) return undefined;
  const folders = instructions.map(({ body }) => fillIn(body.text));
  const start = folders.findLastIndex((folder) => folder === undefined || folder.startsWith('/'));
  const known = folders.slice(Math.max(0, start));
  const isKnown = start !== -1 && known.every((folder) => folder !== undefined);
  const value = isKnown ? posix.resolve('/', ...known.map((folder) => folder ?? '')) : undefined;
  return { value, place: last.place };
}

/** An ENTRYPOINT takes the CMD of an earlier stage away. */
function commandsOf(stages: readonly Stage[]): Declared['commands'] {
  const all = stages.flatMap(({ instructions }) => ofKeyword(instructions, 'CMD', 'ENTRYPOINT'));
  const entrypoint = all.findLast(({ keyword }) => keyword === 'ENTRYPOINT');
  const cmd = all.findLast(({ keyword }) => keyword === 'CMD');
  const kept = cmd && (!entrypoint || cmd.stage >= entrypoint.stage) ? [cmd] : [];
  return [...(entrypoint ? [entrypoint] : []), ...kept].map((one) => ({
    keyword: one.keyword,
    value: one.json ?? [...one.interpreter, one.body.text],
    place: one.place,
  }));
}
