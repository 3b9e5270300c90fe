import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Dockerfile, Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';
import { operandsOf } from '../shell-script.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/deleted-later',
  title: 'What is copied is not deleted later',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Deleting a file in a later layer hides it and leaves it in the earlier one, where everybody who pulls the image can read it.',
    messages: { remains: 'rm of {{path}} leaves it in the layer of line {{line}}' },
    remediation:
      'Leave the file out, or mount it into the RUN that needs it (`--mount=type=bind` or `secret`).',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nWORKDIR /app\nCOPY .env ./\nRUN ./configure && rm .env\n',
      findings: [{ messageId: 'remains', line: 4, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nWORKDIR /app\nRUN --mount=type=secret,id=env,target=/app/.env ./configure\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/secrets/'],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => {
      const copied = copiedIn(stage);
      if (copied.length === 0) return [];
      return stage.instructions
        .filter(({ keyword, onBuild }) => keyword === 'RUN' && !onBuild)
        .flatMap((run) =>
          removedBy(run, folderAt(stage, run)).flatMap((path) => {
            const origin = copied.find((one) => one.path === path && one.line < run.place.line);
            return origin
              ? [draftAt(target, run.place, 'remains', { path, line: origin.line })]
              : [];
          }),
        );
    });
  },
};

interface Copied {
  readonly path: string;
  readonly line: number;
}

/** Paths that COPY and ADD make in the image, as far as the text tells. */
function copiedIn(stage: Stage): readonly Copied[] {
  return stage.instructions.flatMap((instruction) => {
    const { keyword, json, words, place, onBuild } = instruction;
    if ((keyword !== 'COPY' && keyword !== 'ADD') || onBuild) return [];
    const paths = json ?? words.map(({ value }) => value);
    const destination = paths.at(-1);
    if (destination === undefined || paths.length < 2) return [];
    const to = posix.resolve(folderAt(stage, instruction), destination);
    const intoFolder = /\/$|^\.{1,2}$/.test(destination);
    return paths.slice(0, -1).map((source) => ({
      path: intoFolder ? posix.join(to, posix.basename(source)) : to,
      line: place.line,
    }));
  });
}

/** The folder that an instruction stands in, as far as the file tells. */
function folderAt({ instructions, parent }: Stage, before: Instruction): string {
  const earlier = parent?.instructions ?? [];
  return [...earlier, ...instructions]
    .filter(({ keyword, onBuild }) => keyword === 'WORKDIR' && !onBuild)
    .filter(({ stage, place }) => stage !== before.stage || place.line < before.place.line)
    .reduce((folder, { body }) => posix.resolve(folder, body.text.replaceAll(/["']/g, '')), '/');
}

function removedBy({ script }: Instruction, folder: string): readonly string[] {
  return (script?.commands ?? [])
    .filter(({ name }) => name === 'rm' || name === 'unlink' || name === 'shred')
    .flatMap((command) => operandsOf(command))
    .flatMap(({ value }) => (value === undefined ? [] : [posix.resolve(folder, value)]));
}
