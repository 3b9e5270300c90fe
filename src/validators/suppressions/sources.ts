import { relative, resolve } from 'node:path';
import type { LoadedConfig } from '../../config/load.ts';
import { type Peer, peers } from '../../config/schema.ts';
import type { Suppression } from '../../core/suppress.ts';
import type { Target } from '../../core/target.ts';
import type { ManifestSet } from '../manifest/load.ts';
import { type Baseline, readBaseline } from './baseline.ts';
import { type Configured, configuredIn } from './configured.ts';
import { joinWords, type PeerWords, peerAnnotationsIn } from './peers/annotations.ts';
import { type KubeLinterFile, readKubeLinterFile } from './peers/kube-linter-file.ts';
import { joined, type Written, writtenIn } from './written.ts';

/** Everything outside of the targets that suppresses something. */
export interface Sources {
  readonly configured: readonly Configured[];
  readonly baseline: Baseline | undefined;
  readonly kubeLinter: KubeLinterFile | undefined;
  readonly peers: readonly Peer[];
}

/**
 * @param root the folder that paths of findings are relative to
 * @param baseline the file that a flag names; that of the configuration when not given
 * @throws Fault `input-missing`, `baseline-invalid`
 */
export async function readSources(
  config: LoadedConfig,
  root: string,
  baseline?: string | undefined,
): Promise<Sources> {
  const { rules } = config.value;
  const configuredFile =
    rules.baseline === undefined ? undefined : resolve(config.root, rules.baseline);
  const file = baseline === undefined ? configuredFile : resolve(root, baseline);
  const understood = rules.peers ?? peers;
  return {
    configured: configuredIn(config),
    baseline: file === undefined ? undefined : await readBaseline(file, relative(root, file)),
    kubeLinter: understood.includes('kube-linter') ? await readKubeLinterFile(root) : undefined,
    peers: understood,
  };
}

/** Where nothing suppresses anything but what the targets say themselves. */
export const noSources: Sources = {
  configured: [],
  baseline: undefined,
  kubeLinter: undefined,
  peers,
};

const isManifestSet = (target: Target): target is ManifestSet => target.kind === 'manifestSet';

export const manifestSetsIn = (targets: readonly Target[]): readonly ManifestSet[] =>
  targets.filter(isManifestSet);

/** What manifests say for deploycheck. */
export const writtenFor = (targets: readonly Target[]): Written =>
  joined(manifestSetsIn(targets).map(writtenIn));

/** What other tools were told, as far as it is understood. */
export function peerWordsFor(
  { peers: understood, kubeLinter }: Sources,
  targets: readonly Target[],
): PeerWords {
  const words = joinWords([
    ...manifestSetsIn(targets).map(peerAnnotationsIn),
    ...(kubeLinter ? [kubeLinter] : []),
  ]);
  const isUnderstood = (peer: string) => understood.some((one) => one === peer);
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
    ...(sources.baseline?.suppressions ?? []),
  ];
}
