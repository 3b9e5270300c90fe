import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/whole-filesystem',
  title: 'Stages hand on what is needed',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'With the whole file system of a stage everything comes along that the stages were to keep out: compilers, caches, sources, credentials.',
    messages: { whole: '{{keyword}} takes the whole file system of {{from}}' },
    remediation: 'Name the files and folders that the image needs.',
    bad: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM alpine:3.22\nCOPY --from=build / /\n',
      findings: [{ messageId: 'whole', line: 3, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM scratch\nCOPY --from=build / /\nCOPY --from=build /out/app /app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/multi-stage/'],
  },
  run({ target }) {
    return target.instructions.flatMap((instruction) => {
      const { keyword, json, words, place, stage } = instruction;
      const from = flagOf(instruction, 'from');
      if (keyword !== 'COPY' || from === undefined) return [];
      const sources = (json ?? words.map(({ value }) => value)).slice(0, -1);
      // Into an empty image it is a way to make one layer of many.
      const flattens = target.stages[stage]?.base === 'scratch';
      if (flattens || !sources.some((source) => /^\/\.?\/?\*?$/.test(source))) return [];
      return [draftAt(target, place, 'whole', { keyword, from })];
    });
  },
};
