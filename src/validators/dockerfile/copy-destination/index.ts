import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { type Dockerfile, lineage, ofKeyword, type Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { added, fixOf } from '../fix.ts';
import type { Instruction, Word } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/copy-destination',
  title: 'COPY says where to',
  severity: 'error',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Several files cannot become one, so the build fails; and a relative path without a WORKDIR is in whatever folder the base image ended with.',
    messages: {
      'several-to-one': '{{keyword}} takes several sources to {{destination}}, which is no folder',
      unanchored: '{{keyword}} to {{destination}} begins in the folder of the base image',
      'no-destination': '{{keyword}} has a source and nowhere to copy it to',
    },
    remediation: 'End a folder with a slash, and set a WORKDIR before relative paths.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCOPY a b /app\nCOPY c app/\n',
      findings: [
        { messageId: 'several-to-one', line: 2, column: 10 },
        { messageId: 'unanchored', line: 3, column: 8 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nWORKDIR /app\nCOPY a b ./\nCOPY c app/\n',
      findings: [],
    },
    references: ['https://docs.docker.com/reference/dockerfile/#copy'],
  },
  run({ target }) {
    return target.stages.flatMap((stage) =>
      stage.instructions.flatMap((instruction) => ofCopy(target, stage, instruction)),
    );
  },
};

function ofCopy(target: Dockerfile, stage: Stage, instruction: Instruction): Draft[] {
  const { keyword, json, words, place, heredocs, onBuild } = instruction;
  if (keyword !== 'COPY' && keyword !== 'ADD') return [];
  const paths = json ?? words.map(({ value }) => value);
  const destination = paths.at(-1);
  if (destination === undefined) return [];
  const last = json ? place : (words.at(-1)?.place ?? place);
  const data = { keyword, destination };
  if (paths.length < 2) return [draftAt(target, place, 'no-destination', { keyword })];
  // A variable may end with a slash.
  const isFolder = /[\\/]$/.test(destination) || /^\.\.?$/.test(destination);
  const several = paths.length - 1 > 1 && !isFolder && !/\$\{?\w+\}?$/.test(destination);
  if (several) {
    const fix = json ? undefined : asFolder(target, words.at(-1));
    return [{ ...draftAt(target, last, 'several-to-one', data), fix }];
  }
  const isRelative = !/^(?:[\\/$]|[A-Za-z]:)/.test(destination);
  if (keyword === 'ADD' || !isRelative || onBuild || heredocs.length > 1) return [];
  const placed = lineage(stage).some(({ instructions }) =>
    ofKeyword(instructions, 'WORKDIR').some(
      (one) => one.stage !== instruction.stage || one.place.line < place.line,
    ),
  );
  if (placed) return [];
  return [{ ...draftAt(target, last, 'unanchored', data), severity: 'warning' }];
}

/** No build takes it as it is. */
function asFolder(target: Dockerfile, word: Word | undefined) {
  if (!word || /["'\\`]/.test(word.text)) return undefined;
  return fixOf(`end ${word.text} with a slash`, [added(target, word, '/')]);
}
