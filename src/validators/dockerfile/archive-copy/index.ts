import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { flagOf, type Instruction } from '../instruction.ts';

const archive = /\.(?:tar|tgz|tbz2?|txz|tlz|tar\.\w+)$/i;
const unpackers = /^(?:tar|unzip|gunzip|bunzip2|unlzma|unxz|zgz|uncompress|zcat|gzcat)$/;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/archive-copy',
  title: 'Archives are unpacked without staying in a layer',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'An archive that is copied and then unpacked is in the image twice, although it is deleted afterwards.',
    messages: { twice: 'COPY brings {{archive}}, which a RUN unpacks in line {{line}}' },
    remediation: 'Let ADD unpack it, or mount it into the RUN with --mount=type=bind.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nCOPY app.tar.gz /tmp/\nRUN tar -xzf /tmp/app.tar.gz -C /app\n',
      findings: [{ messageId: 'twice', line: 2, column: 6 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nADD app.tar.gz /app\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
  },
  run({ target }) {
    return target.stages.flatMap(({ instructions }) =>
      instructions.flatMap((copy, index) => {
        if (copy.keyword !== 'COPY' || flagOf(copy, 'from') !== undefined) return [];
        const later = instructions.slice(index + 1).filter(({ keyword }) => keyword === 'RUN');
        return archivesOf(copy).flatMap(({ name, place }) => {
          const run = later.find((one) => unpacks(one, name));
          if (!run) return [];
          return [draftAt(target, place, 'twice', { archive: name, line: run.place.line })];
        });
      }),
    );
  },
};

function archivesOf({ json, words, place }: Instruction) {
  const all = json ? json.map((value) => ({ value, place })) : words;
  return all
    .slice(0, -1)
    .map((one) => ({ name: posix.basename(one.value), place: one.place }))
    .filter(({ name }) => archive.test(name));
}

function unpacks({ script }: Instruction, archiveName: string): boolean {
  return (script?.commands ?? []).some(({ name, words }) => {
    const named = words.some(({ value }) => value?.endsWith(archiveName));
    const extracts =
      name !== 'tar' || words.some(({ text }) => /^(?:-*[A-Za-z]*x|--extract|--get)/.test(text));
    return unpackers.test(name) && named && extracts;
  });
}
