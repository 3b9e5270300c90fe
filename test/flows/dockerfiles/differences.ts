import type { Dockerfile } from '../../../src/validators/dockerfile/dockerfile.ts';
import type { Instruction } from '../../../src/validators/dockerfile/instruction.ts';

/** What one side says and the other does not. */
export interface Difference {
  readonly side: 'ours' | 'theirs';
  readonly code: string;
  /** The instruction it is about; the first one where it is about the file. */
  readonly instruction: Instruction;
  readonly dockerfile: Dockerfile;
}

interface Reason {
  readonly why: string;
  covers(difference: Difference): boolean;
}

const isBehind = ({ instruction, dockerfile }: Difference, shell: RegExp): boolean =>
  dockerfile.instructions.some(
    ({ keyword, body, stage, place }) =>
      keyword === 'SHELL' &&
      stage === instruction.stage &&
      place.line < instruction.place.line &&
      shell.test(body.text),
  );

const reason = (
  why: string,
  side: Difference['side'],
  codes: readonly string[],
  covers: (difference: Difference) => boolean = () => true,
): Reason => ({
  why,
  covers: (one) => one.side === side && codes.includes(one.code) && covers(one),
});

const says =
  (pattern: RegExp) =>
  ({ instruction }: Difference) =>
    pattern.test(instruction.body.text);
const isEarlier = ({ instruction, dockerfile }: Difference): boolean =>
  instruction.stage < dockerfile.stages.length - 1;

/** Why the two sides differ on purpose; a difference without a reason is a defect of one of them. */
export const reasons: readonly Reason[] = [
  reason(
    'layers of earlier stages are no part of the image',
    'theirs',
    ['DL3019', 'DL3032', 'DL3036', 'DL3040', 'DL3042', 'DL3060', 'DL3009'],
    isEarlier,
  ),
  reason(
    'a RUN that empties the cache of apk leaves nothing',
    'theirs',
    ['DL3019'],
    says(/\/var\/cache\/apk/),
  ),
  reason('apt installs what is recommended, too', 'ours', ['DL3015'], says(/\bapt install/)),
  reason('users of earlier stages run nothing', 'theirs', ['DL3002'], isEarlier),
  reason('the last USER alone counts', 'theirs', ['DL3066']),
  reason('what a variable holds only a build knows', 'theirs', ['DL3066'], says(/\$/)),
  reason(
    'a file that is named, or an empty value, is no secret',
    'theirs',
    ['DL3064'],
    says(/_FILE=|=$/),
  ),
  reason('exec puts the program in the place of the shell', 'theirs', ['DL3025'], says(/^exec /)),
  reason(
    'a health check gets no signals',
    'theirs',
    ['DL3025'],
    ({ instruction }) => instruction.keyword === 'HEALTHCHECK',
  ),
  reason('SHELL in the stage says that a shell is meant', 'theirs', ['DL3025'], (one) =>
    isBehind(one, /./),
  ),
  reason('`.` is a folder', 'theirs', ['DL3021'], says(/ \.$/)),
  reason('the RUN sets pipefail itself', 'theirs', ['DL4006'], says(/set -\w*o pipefail/)),
  reason(
    'sh of Fedora and CentOS is bash, that of Alpine knows more than POSIX',
    'theirs',
    ['SC2039'],
    ({ instruction, dockerfile }) =>
      /fedora|centos|alpine/.test(dockerfile.stages[instruction.stage]?.base ?? ''),
  ),
  reason(
    'into an empty image it makes one layer of many',
    'theirs',
    ['DL3067'],
    ({ instruction, dockerfile }) => dockerfile.stages[instruction.stage]?.base === 'scratch',
  ),
  reason(
    'PowerShell is not read as sh',
    'theirs',
    [
      'DL3008',
      'DL3009',
      'DL3013',
      'DL3014',
      'DL3015',
      'DL3016',
      'DL3018',
      'DL3019',
      'DL3001',
      'DL3003',
      'DL3004',
      'DL3027',
      'DL3028',
      'DL3030',
      'DL3032',
      'DL3033',
      'DL3034',
      'DL3035',
      'DL3036',
      'DL3037',
      'DL3038',
      'DL3040',
      'DL3041',
      'DL3042',
      'DL3046',
      'DL3047',
      'DL3060',
      'DL3062',
      'DL4001',
      'DL4005',
      'DL3059',
      'SC2035',
      'SC2039',
    ],
    (one) => isBehind(one, /powershell/),
  ),
  reason('with -e in SHELL the shell ends at the first failure', 'theirs', ['SC2164'], (one) =>
    isBehind(one, /"-\w*e/),
  ),
  reason(
    'what ONBUILD triggers is judged like other instructions',
    'ours',
    ['DL3003', 'DL3020', 'DL4000', 'DL3045', 'SC2164', 'DL3009'],
    ({ instruction }) => instruction.keyword === 'ONBUILD',
  ),
  reason('hadolint does not ask for SC2154', 'ours', ['SC2154']),
  reason('a variable without quotes may be empty, too', 'ours', ['SC2115'], says(/rm -rf \$/)),
  reason('unquoted, too, a failure within export goes unnoticed', 'ours', ['SC2155']),
  reason(
    'let is no part of POSIX, although ShellCheck lets it pass',
    'ours',
    ['SC2039'],
    says(/^let /),
  ),
  reason('gone from hadolint', 'ours', ['DL3005']),
  reason('a stage has a number, too', 'ours', ['DL3023'], ({ instruction }) =>
    instruction.flags.some(({ value }) => /^\d+$/.test(value ?? '')),
  ),
  reason('what an ENV or ARG holds may have spaces', 'ours', ['SC2086']),
  reason('only the last stage says how health is asked', 'theirs', ['DL3057']),
  reason('HEALTHCHECK NONE asks nothing', 'ours', ['DL3057'], ({ instruction }) =>
    /^NONE$/i.test(instruction.body.text),
  ),
  reason(
    'hadolint takes the check of one stage for that of another with the same base',
    'ours',
    ['DL3057'],
    ({ instruction, dockerfile }) =>
      dockerfile.stages.some(
        ({ base, index, instructions }) =>
          index < instruction.stage &&
          base === dockerfile.stages[instruction.stage]?.base &&
          instructions.some(({ keyword }) => keyword === 'HEALTHCHECK'),
      ),
  ),
  reason('of three, those are named that have no effect', 'ours', ['DL3012', 'DL4003', 'DL4004']),
  reason('of three, those are named that have no effect', 'theirs', ['DL3012', 'DL4003', 'DL4004']),
  reason('ash of BusyBox knows more than POSIX', 'theirs', ['SC2039'], (one) =>
    isBehind(one, /\/ash/),
  ),
  reason('commands of documents and lists count', 'theirs', ['DL3059']),
];
