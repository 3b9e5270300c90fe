import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf } from '../instruction.ts';
import { stageFrom } from '../stages.ts';

/**
 * COPY and mounts take files from a stage that comes before. A name with a slash, a colon or a digest is an
 * image, and a build may be given contexts by other names, so those that are neither are a warning.
 */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/stage-reference',
  title: 'Files come from a stage that is there',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A misspelt stage is looked for as an image in Docker Hub: the build fails, or takes files from a stranger.',
    messages: {
      own: '{{keyword}} takes files from the stage {{from}} that it stands in',
      later: '{{keyword}} takes files from the stage {{from}}, which comes later',
      unknown:
        '{{keyword}} takes files from {{from}}, which is no stage before it and looks like no image',
    },
    remediation:
      'Name an earlier stage, or the image with its tag; a context that is given to the build needs no change.',
    bad: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM alpine:3.22\nCOPY --from=bulid /out/app /app\n',
      findings: [{ messageId: 'unknown', line: 3, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM golang:1.25 AS build\nFROM alpine:3.22\nCOPY --from=build /out/app /app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#copy---from'],
  },
  run({ target }) {
    const { stages, instructions } = target;
    return instructions.flatMap((instruction) => {
      const { keyword, stage, flags, onBuild } = instruction;
      const isCopy = keyword === 'COPY' || keyword === 'ADD';
      const from = isCopy ? flagOf(instruction, 'from') : mountedFrom(instruction);
      const own = stages[stage];
      if (!from || !own || onBuild || from.includes('$')) return [];
      const place = flags.find(({ value }) => value?.includes(from))?.place ?? instruction.place;
      const data = { keyword, from };
      if (stageFrom(stages.slice(0, stage), from)) return [];
      if (own.name?.toLowerCase() === from.toLowerCase() || String(stage) === from) {
        return [draftAt(target, place, 'own', data)];
      }
      if (stageFrom(stages, from)) return [draftAt(target, place, 'later', data)];
      if (/[/:@]/.test(from)) return [];
      return [{ ...draftAt(target, place, 'unknown', data), severity: 'warning' as const }];
    });
  },
};

function mountedFrom(instruction: Dockerfile['instructions'][number]): string | undefined {
  const mounts = instruction.flags.filter(({ name }) => name === 'mount');
  return mounts
    .map(({ value = '' }) => /(?:^|,)from=([^,]+)/.exec(value)?.[1])
    .find((from) => from !== undefined);
}
