import type { Kube } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import type { Registry } from '../adapters/registry/registry.ts';
import { Fault } from '../core/fault.ts';
import type { Platform } from '../core/platform.ts';
import { formatReference, isReferenceProblem, readReference } from '../core/reference.ts';
import { listAt, partAt, stringAt } from '../validators/manifest/read.ts';
import { collect } from './collect.ts';
import { ifAllowed } from './denied.ts';
import { manifestSize } from './image-size.ts';
import type { ImageState } from './observation.ts';
import { nodesWith } from './pulls.ts';
import { containersOf, type PodTemplate } from './template.ts';

export interface ImageContext {
  readonly kube: Kube;
  /** As the pods would ask for images: with these pull secrets, of type dockerconfigjson. */
  readonly registry: (dockerConfigs: readonly string[]) => Promise<Registry>;
}

/**
 * Looks at the images of a template in their registries and on the nodes.
 * @param pulls events of the reason `Pulled`
 */
export async function readImages(
  context: ImageContext,
  template: PodTemplate,
  namespace: string,
  pulls: readonly KubeObject[],
  signal: AbortSignal,
): Promise<ImageState[]> {
  const { kube } = context;
  const [nodes, configs] = await Promise.all([
    ifAllowed(() => collect(kube.list({ apiVersion: 'v1', kind: 'Node' }, {}, signal))),
    pullSecrets(kube, template, namespace, signal),
  ]);
  const registry = await context.registry(configs.texts);
  const distinct = Map.groupBy(containersOf(template), ({ image }) => image);
  return Promise.all(
    [...distinct].map(async ([image, containers]) => {
      const pullPolicy = containers.some((entry) => entry.pullPolicy === 'Always')
        ? 'Always'
        : (containers[0]?.pullPolicy ?? 'IfNotPresent');
      const seen = await readImage(registry, image, nodes.value, configs.denied, signal);
      const cache = onNodes(image, seen.digest, nodes.value ?? [], nodesWith(pulls, image));
      return { image, pullPolicy, ...cache, ...seen };
    }),
  );
}

type Seen = Pick<ImageState, 'state' | 'digest' | 'lacking' | 'size' | 'why'>;

async function readImage(
  registry: Registry,
  image: string,
  nodes: readonly KubeObject[] | undefined,
  secretsDenied: string,
  signal: AbortSignal,
): Promise<Seen> {
  const nothing = { digest: null, lacking: [], size: null };
  const reference = readReference(image);
  if (isReferenceProblem(reference)) {
    return { ...nothing, state: 'unknown', why: `${image} is no image reference` };
  }
  try {
    const manifest = await registry.manifest(reference, signal);
    if (manifest === undefined) return { ...nothing, state: 'missing', why: '' };
    const { digest } = manifest;
    if (nodes === undefined || nodes.length === 0) {
      return { ...nothing, digest, state: 'available', why: '' };
    }
    const platforms = distinctPlatforms(nodes);
    const chosen = platforms.map((platform) => ({
      platform,
      descriptor: registry.platform(manifest, platform),
    }));
    const lacking = chosen
      .filter(({ descriptor }) => descriptor === undefined)
      .map(({ platform: { os, architecture } }) => `${os}/${architecture}`);
    const size = await manifestSize(registry, reference, manifest, chosen[0]?.descriptor, signal);
    if (size === undefined) return { ...nothing, digest, state: 'missing', why: '' };
    return {
      state: lacking.length > 0 ? 'no-platform' : 'available',
      digest,
      lacking,
      size,
      why: '',
    };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Fault)) throw error;
    const why = [error.message, secretsDenied].filter(Boolean).join('; ');
    return { ...nothing, state: 'unknown', why };
  }
}

function distinctPlatforms(nodes: readonly KubeObject[]): Platform[] {
  const platforms = nodes.map((node): Platform => {
    const info = partAt(node, 'status', 'nodeInfo');
    return {
      os: stringAt(info, 'operatingSystem') ?? 'linux',
      architecture: stringAt(info, 'architecture') ?? 'amd64',
    };
  });
  return [
    ...new Map(
      platforms.map((platform) => [`${platform.os}/${platform.architecture}`, platform]),
    ).values(),
  ];
}

/**
 * What the nodes have under a name: a kubelet tells its 50 largest images, and some time after the pull.
 * @param pulledOn names of nodes whose events tell of it
 */
export function onNodes(
  image: string,
  digest: string | null,
  nodes: readonly KubeObject[],
  pulledOn: ReadonlySet<string>,
): Pick<ImageState, 'cachedOn' | 'nodes' | 'moved'> {
  const reference = readReference(image);
  if (isReferenceProblem(reference)) return { cachedOn: 0, nodes: nodes.length, moved: null };
  const { registry, repository, tag = 'latest', digest: pinned } = reference;
  // A tag beside a digest says nothing to the runtime.
  const named = pinned === undefined ? { tag } : { digest: pinned };
  const name = formatReference({ registry, repository, ...named });
  const prefix = `${formatReference({ registry, repository })}@`;
  const entries = nodes.map((node) => {
    const entry = listAt(node, 'status', 'images')
      .map((listed) => listAt(listed, 'names').map((known) => normalised(String(known))))
      .find((names) => names.includes(name));
    return { node: node.metadata.name, entry };
  });
  const moved = entries
    .map(({ entry = [] }) => entry.filter((known) => known.startsWith(prefix)))
    .find((known) => known.length > 0 && !known.includes(`${prefix}${digest}`));
  return {
    cachedOn: entries.filter(({ node, entry }) => entry !== undefined || pulledOn.has(node)).length,
    nodes: nodes.length,
    moved:
      digest === null || pinned !== undefined ? null : (moved?.[0]?.slice(prefix.length) ?? null),
  };
}

function normalised(name: string): string {
  const reference = readReference(name);
  return isReferenceProblem(reference) ? name : formatReference(reference);
}

/** The pull secrets of a template and of its ServiceAccount, for the credentials in them. */
async function pullSecrets(
  kube: Kube,
  template: PodTemplate,
  namespace: string,
  signal: AbortSignal,
): Promise<{ readonly texts: readonly string[]; readonly denied: string }> {
  const account = stringAt(template, 'spec', 'serviceAccountName') ?? 'default';
  const named = (holder: unknown) =>
    listAt(holder, 'imagePullSecrets').flatMap((entry) => stringAt(entry, 'name') ?? []);
  const ref = { apiVersion: 'v1', namespace };
  const denials: string[] = [];
  const get = async (kind: string, name: string) => {
    const read = await ifAllowed(() => kube.get({ ...ref, kind, name }, signal));
    if (read.denied !== undefined) denials.push(read.denied);
    return read.value;
  };
  const own = named(partAt(template, 'spec'));
  // The admission plugin adds the account's only where the pod names none.
  const names = own.length > 0 ? own : named(await get('ServiceAccount', account));
  const secrets = await Promise.all(names.map((name) => get('Secret', name)));
  const texts = secrets.flatMap((secret) => {
    const data = stringAt(secret, 'data', '.dockerconfigjson');
    return data === undefined ? [] : [Buffer.from(data, 'base64').toString('utf8')];
  });
  return { texts, denied: denials.join('; ') };
}
