import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { stageNamed } from '../stages.ts';

/** Names that mean something else (https://docs.docker.com/reference/build-checks/reserved-stage-name/). */
const reserved: ReadonlySet<string> = new Set(['scratch', 'context']);

export const check: Check<Dockerfile> = {
  id: 'dockerfile/stage-name',
  title: 'Names of stages are their own',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'With two stages of one name a COPY takes files from the one that was not meant, and nothing fails.',
    messages: {
      duplicate: 'the stage {{name}} is there already, in line {{line}}',
      reserved: 'a stage cannot be named {{name}}, which means something else',
    },
    remediation: 'Give every stage a name of its own, other than scratch and context.',
    bad: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM node:24.4 AS Build\nFROM scratch AS context\n',
      findings: [
        { messageId: 'duplicate', line: 2, column: 19 },
        { messageId: 'reserved', line: 3, column: 17 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM node:24.4 AS pages\nFROM scratch\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/duplicate-stage-name/',
      'https://docs.docker.com/reference/build-checks/reserved-stage-name/',
    ],
  },
  run({ target }) {
    return target.stages.flatMap(({ name, from, index }) => {
      const place = from.words[2]?.place ?? from.place;
      if (name === undefined) return [];
      const earlier = stageNamed(target.stages.slice(0, index), name);
      return [
        ...(reserved.has(name.toLowerCase()) ? [draftAt(target, place, 'reserved', { name })] : []),
        ...(earlier
          ? [draftAt(target, place, 'duplicate', { name, line: earlier.from.place.line })]
          : []),
      ];
    });
  },
};
