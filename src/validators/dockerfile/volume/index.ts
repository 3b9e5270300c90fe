import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, ofKeyword, type Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';
import { operandsOf } from '../shell-script.ts';

/** Folders that belong to the system, and files that are the engine's. */
const system =
  /^(?:\/|\/(?:bin|boot|dev|etc|lib|lib64|proc|root|sbin|sys|usr|var)|\/(?:var\/)?run\/docker\.sock)$/;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/volume',
  title: 'Volumes hold data of the application',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'What a RUN writes into a volume after VOLUME may be dropped without a word, and a volume over a folder of the system hides or shares what is in it.',
    messages: {
      'written-later':
        '{{path}} is below the volume {{volume}} of line {{line}}, so what is written to it may be lost',
      system: 'the volume {{path}} is a folder of the system',
    },
    remediation: 'Write the files before VOLUME, or leave VOLUME to whoever runs the image.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nVOLUME /data /etc\nRUN chown 10001 /data\n',
      findings: [
        { messageId: 'system', line: 2, column: 14 },
        { messageId: 'written-later', line: 3, column: 1 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nRUN mkdir /data && chown 10001 /data\nVOLUME /data\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#notes-about-specifying-volumes'],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => ofStage(target, stage));
  },
};

function ofStage(target: Dockerfile, { instructions }: Stage): Draft[] {
  const volumes = ofKeyword(instructions, 'VOLUME').flatMap(pathsOf);
  const drafts = volumes
    .filter(({ path }) => system.test(path))
    .map(({ path, place }) => draftAt(target, place, 'system', { path }));
  const later = ofKeyword(instructions, 'RUN').flatMap((run) => {
    const written = writtenBy(run);
    const hit = volumes
      .filter(({ place }) => place.line < run.place.line)
      .flatMap(({ path: volume, place: { line } }) => {
        const path = written.find((one) => `${one}/`.startsWith(`${volume}/`));
        return path === undefined ? [] : [{ path, volume, line }];
      });
    return hit.slice(0, 1).map((data) => draftAt(target, run.place, 'written-later', data));
  });
  return [...drafts, ...later];
}

function pathsOf({ json, words, place }: Instruction) {
  const all = json ? json.map((value) => ({ value, place })) : words;
  return all
    .filter(({ value }) => value.startsWith('/'))
    .map((one) => ({
      path: one.value === '/' ? '/' : posix.normalize(one.value).replace(/\/$/, ''),
      place: one.place,
    }));
}

const writers = /^(?:chown|chmod|mkdir|touch|cp|mv|install|tee|tar|ln)$/;

function writtenBy({ script }: Instruction): readonly string[] {
  return (script?.commands ?? []).flatMap((command) => [
    ...(writers.test(command.name) ? operandsOf(command) : []).flatMap(({ value }) => value ?? []),
    ...command.redirects.flatMap(({ operator, target }) =>
      operator.startsWith('>') ? (target?.value ?? []) : [],
    ),
  ]);
}
