import type { ImageRun } from '../validators/runtime/image-run.ts';
import type { Baseline } from './baseline.ts';
import { type Bench, volumesOf } from './bench.ts';
import { proposalYaml } from './proposal.ts';
import { foundSettings, settingsOf, type Tightest } from './tightest.ts';

/** What each part is called where it is asked for. */
const names = {
  'read-only-root': 'readOnlyRootFilesystem',
  'no-capabilities': 'capabilities',
  'no-new-privileges': 'allowPrivilegeEscalation',
  user: 'runAsUser',
} as const;

/** The tightest settings as text, unless nothing was proven. Nothing is started after that. */
export async function proposalOf(
  tightest: Tightest,
  { start, process, users }: Baseline,
  bench: Bench,
): Promise<ImageRun['proposal']> {
  const { found, missing, proven } = tightest;
  const { request } = bench;
  if (!proven) {
    const [first] = missing;
    return { why: `no tighter setting was seen to work${first ? `: ${first.text}` : ''}` };
  }
  const { inForce, whose } = bench.seccomp;
  const seccomp = 'seen' in process ? (process.seen.seccomp ?? false) : inForce;
  const settings = settingsOf(tightest, seccomp);
  const proof = await bench.prove(foundSettings(tightest));
  const grounds = [
    ...found.map(({ part, text }) => ({ setting: names[part], text })),
    ...(seccomp
      ? [{ setting: 'seccompProfile', text: `${whose} default profile was in force` }]
      : [{ setting: 'seccompProfile', text: 'left out: no profile was in force' }]),
    ...('why' in users ? [{ setting: 'runAsUser', text: `left out: ${users.why}` }] : []),
    ...missing.map(({ part, text }) => ({ setting: names[part], text: `left out: ${text}` })),
    ...proof.grounds,
  ];
  const yaml = proposalYaml(settings, {
    image: request.label,
    proof: `${proof.where}, ${startedText(start)}`,
    grounds,
    tmpfs: request.tmpfs,
    volumes: volumesOf(bench),
  });
  return { seen: { settings, grounds, yaml } };
}

const bySaying = {
  health: 'its health check said healthy',
  http: 'it answered',
  log: 'its log had the text',
  exit: 'it ended with exit code 0',
  settled: 'it went on running',
} as const;

/** What said that it had started, and when. */
export const startedText = ({ by, seconds }: Baseline['start']): string =>
  by === 'settled' ? bySaying.settled : `${bySaying[by]} after ${seconds} s`;
