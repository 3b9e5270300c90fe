import type { ProvenSettings } from '../validators/runtime/image-run.ts';

/** What stands above and below the settings. */
export interface ProposalText {
  readonly image: string;
  /** What it was proven on, such as `Docker Engine 29.1 (linux/amd64), still running after 3 s`. */
  readonly proof: string;
  /** By setting. */
  readonly grounds: readonly { readonly setting: string; readonly text: string }[];
  /** Folders that the request mounts, of either kind. */
  readonly tmpfs: readonly string[];
  readonly volumes: readonly string[];
}

/**
 * The part of a pod that asks for exactly these settings, each line with what it rests on.
 * https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.34/#securitycontext-v1-core
 */
export function proposalYaml(settings: ProvenSettings, text: ProposalText): string {
  const { user, readOnlyRoot, addedCapabilities, noNewPrivileges, seccomp } = settings;
  const folders = [...new Set([...text.tmpfs, ...settings.writable])];
  const mounts = folders.map((path, at) => ({ name: `writable-${at + 1}`, path }));
  return `${[
    ...comment(`${text.image}: proven by a start with all of it at once (${text.proof}).`),
    'containers:',
    '  - name: main',
    '    securityContext:',
    ...(user === null
      ? []
      : [
          '      runAsNonRoot: true',
          `      runAsUser: ${user.uid}`,
          `      runAsGroup: ${user.gid}`,
        ]),
    ...(readOnlyRoot ? ['      readOnlyRootFilesystem: true'] : []),
    ...(noNewPrivileges ? ['      allowPrivilegeEscalation: false'] : []),
    ...(addedCapabilities === null ? [] : capabilityLines(addedCapabilities)),
    ...(seccomp ? ['      seccompProfile:', '        type: RuntimeDefault'] : []),
    ...(mounts.length === 0
      ? []
      : [
          '    volumeMounts:',
          ...mounts.flatMap(({ name, path }) => [
            `      - name: ${name}`,
            `        mountPath: ${JSON.stringify(path)}`,
          ]),
          'volumes:',
          ...mounts.flatMap(({ name }) => [`  - name: ${name}`, '    emptyDir: {}']),
        ]),
    ...text.volumes.flatMap((path) =>
      comment(`${path} was a volume of the engine; mount a claim there.`),
    ),
    '# What each setting rests on:',
    ...text.grounds.flatMap(({ setting, text: ground }) => comment(`- ${setting}: ${ground}`)),
  ].join('\n')}\n`;
}

const capabilityLines = (added: readonly string[]): string[] => [
  '      capabilities:',
  '        drop: [ALL]',
  ...(added.length > 0 ? [`        add: [${added.join(', ')}]`] : []),
];

/** Nothing that an image printed may end a comment. */
const comment = (text: string): string[] => [`# ${text.replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')}`];
