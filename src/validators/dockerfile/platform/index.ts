import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import type { Flag, Instruction } from '../instruction.ts';

export const check: Check<Dockerfile> = {
  id: 'dockerfile/platform',
  title: 'FROM leaves the platform to the build',
  severity: 'warning',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'A platform that stands in FROM is built whatever the build was asked for, so an image for another machine starts with "exec format error".',
    messages: {
      constant: 'the platform is fixed to {{platform}}',
      redundant: '--platform={{platform}} asks for what a build takes anyway',
    },
    remediation:
      'Leave --platform to the build; a stage that compiles for another platform takes $BUILDPLATFORM.',
    bad: {
      language: 'dockerfile',
      text: 'FROM --platform=linux/amd64 alpine:3.22\nFROM --platform=$TARGETPLATFORM alpine:3.22\n',
      findings: [
        { messageId: 'constant', line: 1, column: 6 },
        { messageId: 'redundant', line: 2, column: 6 },
      ],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM --platform=$BUILDPLATFORM golang:1.25 AS build\nFROM alpine:3.22\n',
      findings: [],
    },
    references: [
      'https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/',
      'https://docs.docker.com/reference/build-checks/redundant-target-platform/',
    ],
  },
  run({ target }) {
    return target.stages.flatMap(({ from, name, base }) => {
      const flag = from.flags.find((one) => one.name === 'platform');
      const platform = flag?.value;
      if (!flag || !platform) return [];
      if (/^\$(?:TARGETPLATFORM|\{TARGETPLATFORM\})$/.test(platform)) {
        const fix = withoutFlag(target, from, flag);
        return [{ ...draftAt(target, flag.place, 'redundant', { platform }), fix }];
      }
      // A stage for one platform says so in its name; scratch has none.
      const [, architecture = ''] = platform.split('/');
      const named = name?.includes(architecture.split('/')[0] ?? '') && architecture !== '';
      if (platform.includes('$') || named || base === 'scratch') return [];
      return [draftAt(target, flag.place, 'constant', { platform })];
    });
  },
};

function withoutFlag({ file }: Dockerfile, { flags, words }: Instruction, flag: Flag) {
  const next = flags[flags.indexOf(flag) + 1] ?? words[0];
  if (!next || next.place.line !== flag.place.line) return undefined;
  const edits = [{ file, from: flag.place, to: next.place, text: '' }];
  return { description: `leave --platform=${flag.value} out`, edits };
}
