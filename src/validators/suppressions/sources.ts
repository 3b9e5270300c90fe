import { relative, resolve } from 'node:path';
import { type Peer, peers } from '../../config/defaults.ts';
import type { Config, LoadedConfig } from '../../config/load.ts';
import type { Check } from '../../core/check.ts';
import type { RuleSettings } from '../../core/engine.ts';
import { Fault } from '../../core/fault.ts';
import type { Suppression } from '../../core/suppress.ts';
import type { Target, TargetKind } from '../../core/target.ts';
import type { Dockerfile } from '../dockerfile/dockerfile.ts';
import type { ManifestSet } from '../manifest/load.ts';
import type { FileSet } from '../secret/load.ts';
import { ruleSettings } from '../settings.ts';
import type { Baseline } from './baseline.ts';
import { type Configured, configuredIn } from './configured.ts';
import { joinWords, type PeerWords, peerAnnotationsIn } from './peers/annotations.ts';
import { pragmasIn } from './peers/dockerfile-pragmas.ts';
import { type DockleFile, readDockleFile } from './peers/dockle-file.ts';
import { readHadolintFile } from './peers/find-hadolint-file.ts';
import { readKubeLinterFile } from './peers/find-kube-linter-file.ts';
import { readTrivyFiles, type TrivyFiles } from './peers/find-trivy-files.ts';
import { allowedIn } from './peers/gitleaks.ts';
import type { HadolintFile } from './peers/hadolint-file.ts';
import type { KubeLinterFile } from './peers/kube-linter-file.ts';
import type { FileProblem } from './peers/peer-file.ts';
import { withHadolint } from './peers/with-hadolint.ts';
import { joined, type Written, writtenIn } from './written.ts';
import { writtenInDockerfile } from './written-in-dockerfile.ts';

/** Everything outside of the targets that suppresses something. */
export interface Sources {
  readonly configured: readonly Configured[];
  readonly baseline: Baseline | undefined;
  readonly kubeLinter: KubeLinterFile | undefined;
  readonly hadolint: HadolintFile | undefined;
  readonly dockle: DockleFile | undefined;
  readonly trivy: TrivyFiles | undefined;
  readonly peers: readonly Peer[];
}

export interface BaselineFlags {
  readonly baseline?: string | undefined;
  readonly 'write-baseline'?: string | undefined;
}

/**
 * @param root the folder that paths of findings and of flags are relative to
 * @throws Fault `input-missing`, `baseline-invalid`
 */
export async function readSources(
  config: LoadedConfig,
  root: string,
  flags: BaselineFlags = {},
): Promise<Sources> {
  const { rules } = config.value;
  const understood = rules.peers ?? peers;
  const heard = async <File>(peer: Peer, read: (folder: string) => Promise<File>) =>
    understood.includes(peer) ? read(root) : undefined;
  const [baseline, kubeLinter, hadolint, dockle, trivy] = await Promise.all([
    baselineOf(config, root, flags),
    heard('kube-linter', readKubeLinterFile),
    heard('hadolint', readHadolintFile),
    heard('dockle', readDockleFile),
    heard('trivy', readTrivyFiles),
  ]);
  const configured = configuredIn(config);
  return { configured, baseline, kubeLinter, hadolint, dockle, trivy, peers: understood };
}

/** The one that a flag names, or the configuration. */
async function baselineOf(
  config: LoadedConfig,
  root: string,
  flags: BaselineFlags,
): Promise<Baseline | undefined> {
  const configured = config.value.rules.baseline;
  if (flags.baseline === undefined && configured === undefined) return undefined;
  const file =
    flags.baseline === undefined
      ? resolve(config.root, configured ?? '')
      : resolve(root, flags.baseline);
  const written = flags['write-baseline'];
  const { readBaseline } = await import('./baseline.ts');
  try {
    return await readBaseline(file, relative(root, file));
  } catch (error) {
    // It is about to be written for the first time.
    const isFirst = written !== undefined && resolve(root, written) === file;
    if (isFirst && error instanceof Fault && error.code === 'input-missing') return undefined;
    throw error;
  }
}

/** What the configuration says about rules, with what the files of other tools say beside it. */
export function settingsWith(
  { kubeLinter, hadolint }: Pick<Sources, 'kubeLinter' | 'hadolint'>,
  rules: Config['rules'],
  checks: readonly Check[],
): Record<string, RuleSettings> {
  const enable = [...(rules.enable ?? []), ...(kubeLinter?.enabled ?? [])];
  const settings = ruleSettings({ ...rules, enable }, checks);
  return hadolint ? withHadolint(settings, hadolint, checks) : settings;
}

/** Where nothing suppresses anything but what the targets say themselves. */
export const noSources: Sources = {
  configured: [],
  baseline: undefined,
  kubeLinter: undefined,
  hadolint: undefined,
  dockle: undefined,
  trivy: undefined,
  peers,
};

const isManifestSet = (target: Target): target is ManifestSet => target.kind === 'manifestSet';

export const manifestSetsIn = (targets: readonly Target[]): readonly ManifestSet[] =>
  targets.filter(isManifestSet);

const isDockerfile = (target: Target): target is Dockerfile => target.kind === 'dockerfile';

const dockerfilesIn = (targets: readonly Target[]): readonly Dockerfile[] =>
  targets.filter(isDockerfile);

const isFileSet = (target: Target): target is FileSet => target.kind === 'fileSet';

const fileSetsIn = (targets: readonly Target[]): readonly FileSet[] => targets.filter(isFileSet);

/** What manifests and Dockerfiles say for deploycheck. */
export const writtenFor = (targets: readonly Target[]): Written =>
  joined([
    ...manifestSetsIn(targets).map(writtenIn),
    ...dockerfilesIn(targets).map(writtenInDockerfile),
  ]);

/** What the file of another tool means for some targets. */
interface PeerFile {
  readonly peer: Peer;
  /** What of it cannot be understood. */
  readonly problems: readonly FileProblem[];
  readonly words: PeerWords | undefined;
}

/** What a file says counts where there is something that it is about. */
export function filesOf(
  { kubeLinter, hadolint, dockle, trivy }: Sources,
  targets: readonly Target[],
): readonly PeerFile[] {
  const areThere = (kind: TargetKind) => targets.some((target) => target.kind === kind);
  const problemOf = (file: { readonly problem?: FileProblem } | undefined) =>
    file?.problem ? [file.problem] : [];
  return [
    { peer: 'kube-linter', problems: problemOf(kubeLinter), words: kubeLinter },
    {
      ...{ peer: 'hadolint', problems: problemOf(hadolint) },
      words: areThere('dockerfile') ? hadolint : undefined,
    },
    {
      ...{ peer: 'dockle', problems: problemOf(dockle) },
      words: areThere('image') ? dockle : undefined,
    },
    {
      ...{ peer: 'trivy', problems: areThere('imageEvidence') ? (trivy?.problems ?? []) : [] },
      words: trivy?.wordsFor(targets),
    },
  ];
}

/** What other tools were told, as far as it is understood. */
export function peerWordsFor(sources: Sources, targets: readonly Target[]): PeerWords {
  const words = joinWords([
    ...manifestSetsIn(targets).map(peerAnnotationsIn),
    ...dockerfilesIn(targets).map((one) => pragmasIn(one, sources.hadolint?.isDeafToPragmas)),
    ...filesOf(sources, targets).flatMap((file) => file.words ?? []),
  ]);
  const isUnderstood = (peer: string) => sources.peers.some((one) => one === peer);
  return {
    suppressions: words.suppressions.filter(({ by }) => isUnderstood(by)),
    notes: words.notes.filter(({ peer }) => isUnderstood(peer)),
  };
}

/** All that may suppress findings of the targets; of two that do, the earlier one is named. */
export function suppressionsFor(
  sources: Sources,
  targets: readonly Target[],
): readonly Suppression[] {
  return [
    ...writtenFor(targets).suppressions,
    ...sources.configured,
    ...peerWordsFor(sources, targets).suppressions,
    ...fileSetsIn(targets).flatMap(allowedIn),
    ...(sources.baseline?.suppressions ?? []),
  ];
}
