import type { Check } from '../../../core/check.ts';
import { type Dockerfile, lineage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';

/** Distributions whose sh is bash, by the last part of an image's name. */
const bashImages =
  /(?:^|\/)(?:fedora|centos|rockylinux|almalinux|oraclelinux|amazonlinux|opensuse|leap|tumbleweed|ubi\d*(?:-minimal)?|archlinux|bash)(?:[:@/-]|$)/;
/** What the sh of BusyBox knows, too. */
const busyBox = new Set([
  'SC3010',
  'SC3014',
  'SC3037',
  'SC3040',
  'SC3046',
  'SC3057',
  'SC3060',
  'SC3003',
  'SC3039',
  'SC3001',
  'SC3020',
]);
const busyBoxImages = /(?:^|[/-])(?:alpine|busybox)|[:-](?:alpine|musl)/;

export const check: Check<Dockerfile> = {
  id: 'dockerfile/shell-bashism',
  title: 'sh understands what it is given',
  severity: 'warning',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'RUN is given to sh. In Debian and Ubuntu that is dash, which knows less than bash: the build fails, or `[[` counts as a failure and a branch is never taken.',
    messages: { bashism: '{{what}} is nothing that sh has to understand' },
    remediation:
      'Name bash (SHELL ["/bin/bash", "-o", "pipefail", "-c"]), or write it as POSIX has it.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN if [[ -f /x ]]; then source /x; fi\n',
      findings: [
        { messageId: 'bashism', line: 2, column: 8 },
        { messageId: 'bashism', line: 2, column: 26 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN if [ -f /x ]; then . /x; fi\n',
      findings: [],
    },
    references: [
      'https://pubs.opengroup.org/onlinepubs/9799919799/utilities/V3_chap02.html',
      'https://www.shellcheck.net/wiki/SC3010',
    ],
  },
  run({ target }) {
    return target.stages.flatMap((stage) => {
      const image = lineage(stage)[0]?.image ?? '';
      if (bashImages.test(image)) return [];
      const isBusyBox = busyBoxImages.test(image);
      return stage.instructions
        .filter(({ keyword, interpreter }) => keyword === 'RUN' && isPosix(interpreter))
        .filter(({ heredocs }) => !heredocs.some(({ body }) => /^#!.*bash/.test(body.text)))
        .flatMap(({ script }) => script?.bashisms ?? [])
        .filter(({ code }) => !isBusyBox || !busyBox.has(code))
        .map(({ what, place }) => draftAt(target, place, 'bashism', { what }));
    });
  },
};

const isPosix = ([program = '']: readonly string[]): boolean => /(?:^|\/)(?:da)?sh$/.test(program);
