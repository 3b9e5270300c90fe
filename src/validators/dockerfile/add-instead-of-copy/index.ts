import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { inCaseOf, replacing } from '../fix.ts';
import { flagOf, type Instruction } from '../instruction.ts';

/** Endings of archives that ADD unpacks (https://docs.docker.com/reference/dockerfile/#adding-local-tar-archives). */
const archive =
  /\.(?:tar|tar\.(?:gz|bz2|xz|zst|Z|lz|lzma)|tgz|tbz2?|txz|tlz|tpz|tZ|gz|bz2|xz|zst|Z|lz|lzma)$/;
/** A repository may be named as scp does, by any account (https://docs.docker.com/reference/dockerfile/#adding-files-from-a-git-repository). */
const remote = /^(?:https?|ftp|git|ssh):\/\/|^[\w-]+@[\w.-]+:/;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/add-instead-of-copy',
  title: 'ADD only where COPY cannot do it',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'ADD unpacks archives and fetches from the network: a file that becomes an archive lands otherwise, and what a server sends is not what was reviewed.',
    messages: {
      copy: 'ADD of {{source}} does what COPY does',
      unverified: 'ADD fetches {{source}} without a checksum',
    },
    remediation:
      'Use COPY for files and folders; give a remote ADD a --checksum, or a commit for a git repository.',
    bad: {
      language: 'dockerfile',
      text: 'FROM alpine:3.22\nADD app /app\nADD https://example.com/tool /usr/bin/tool\n',
      findings: [
        { messageId: 'copy', line: 2, column: 5 },
        { messageId: 'unverified', line: 3, column: 5 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: `FROM alpine:3.22\nCOPY app /app\nADD rootfs.tar.gz /\nADD --checksum=sha256:${'24454f830cdb571e2c4ad15481119c43'.repeat(2)} https://example.com/tool /usr/bin/tool\n`,
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#add-or-copy'],
  },
  run({ target }) {
    return target.instructions
      .filter(({ keyword }) => keyword === 'ADD')
      .flatMap((instruction) => ofAdd(target, instruction));
  },
};

/** Flags that COPY has, too (https://docs.docker.com/reference/dockerfile/#copy). */
const shared = /^(?:chmod|chown|exclude|link)$/;

/** A pattern may fit an archive, and what a variable holds only a build knows. */
const isFile = (source: string): boolean =>
  !remote.test(source) && !archive.test(source) && !/[$*?[]/.test(source);

function ofAdd(target: Dockerfile, instruction: Instruction): Draft[] {
  const { json, words, place, flags, written } = instruction;
  const sources = json
    ? json.map((value) => ({ value, place }))
    : words.filter(({ text }) => !/^\d*<</.test(text));
  const verified = flagOf(instruction, 'checksum') !== undefined;
  const isPlain = sources.slice(0, -1).every(({ value }) => isFile(value));
  const copying =
    isPlain && flags.every(({ name }) => shared.test(name))
      ? replacing(target, { text: written, place }, inCaseOf(written, 'COPY'))
      : undefined;
  return sources.slice(0, -1).flatMap(({ value, place: at }): Draft[] => {
    const data = { source: value };
    if (remote.test(value)) {
      // A commit is the checksum of a repository.
      const pinned = verified || /#[0-9a-f]{40}\b/.test(value);
      return pinned ? [] : [draftAt(target, at, 'unverified', data)];
    }
    const unknown = archive.test(value) || value.includes('$');
    return unknown ? [] : [{ ...draftAt(target, at, 'copy', data), fix: copying }];
  });
}
