import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Instruction } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/consecutive-runs',
  title: 'RUNs that follow each other are one',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Each RUN is a layer, and what the next one deletes stays in it.',
    messages: { several: 'this RUN could be part of the one before it' },
    remediation: 'Join them with &&, or in a document (RUN <<EOF).',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN mkdir /a\nRUN mkdir /b\n',
      findings: [{ messageId: 'several', line: 3, column: 1 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN mkdir /a && mkdir /b\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#run'],
  },
  run({ target }) {
    return target.stages.flatMap(({ instructions }) =>
      instructions
        .filter((one, index) => {
          const before = instructions[index - 1];
          return (
            before !== undefined && isPlainRun(one) && isPlainRun(before) && alike(one, before)
          );
        })
        .map(({ place }) => draftAt(target, place, 'several')),
    );
  },
};

/** What has several commands was joined already, and may be long enough. */
const isPlainRun = ({ keyword, onBuild, script }: Instruction): boolean =>
  keyword === 'RUN' &&
  !onBuild &&
  (script?.commands.filter(({ words }) => words.length > 0).length ?? 2) <= 1;

/** With other mounts or another network they cannot be one. */
const alike = (one: Instruction, other: Instruction): boolean =>
  JSON.stringify(one.flags.map(({ name, value }) => [name, value])) ===
  JSON.stringify(other.flags.map(({ name, value }) => [name, value]));
