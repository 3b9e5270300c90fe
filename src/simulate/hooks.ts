import { recordAt } from '../validators/manifest/read.ts';

/** What an annotation says of when an object is made, by a tool other than the one that applies it here. */
export interface HookSeen {
  /** False for what is no part of an installation: tests, and what runs on the way out. */
  readonly isMade: boolean;
  /** For people. */
  readonly why: string;
}

const helm = 'helm.sh/hook';
const argo = 'argocd.argoproj.io/hook';
const wave = 'argocd.argoproj.io/sync-wave';

/** Helm documentation, "Chart Hooks": those of an installation or an upgrade. */
const ofInstallation = ['pre-install', 'post-install', 'pre-upgrade', 'post-upgrade'];
/** Argo CD documentation, "Resource Hooks". */
const ofSync = ['PreSync', 'Sync', 'PostSync'];

/** Undefined for an object without such an annotation. */
export function hookOf(object: unknown): HookSeen | undefined {
  const annotations = recordAt(object, 'metadata', 'annotations');
  const listed = (name: string): string[] =>
    typeof annotations[name] === 'string'
      ? annotations[name].split(',').map((entry) => entry.trim())
      : [];
  const [hooks, syncs] = [listed(helm), listed(argo)];
  const notMade = (name: string, values: readonly string[]): HookSeen => ({
    isMade: false,
    why: `${name}: ${values.join(', ')} is no part of an installation`,
  });
  if (hooks.length > 0 && !hooks.some((entry) => ofInstallation.includes(entry))) {
    return notMade(helm, hooks);
  }
  if (syncs.length > 0 && !syncs.some((entry) => ofSync.includes(entry))) {
    return notMade(argo, syncs);
  }
  const marks = [
    ...(hooks.length > 0 ? [`${helm}: ${hooks.join(', ')}`] : []),
    ...(syncs.length > 0 ? [`${argo}: ${syncs.join(', ')}`] : []),
    ...listed(wave).map((number) => `${wave}: ${number}`),
  ];
  if (marks.length === 0) return undefined;
  return {
    isMade: true,
    why: `made with the others of its kind, not as ${marks.join(' and ')} says`,
  };
}
