import { environmentNamed } from '../config/environment.ts';
import { requireFile } from '../config/load.ts';
import { Fault } from '../core/fault.ts';
import { egressRules } from '../simulate/egress.ts';
import {
  defaultDeadlines,
  defaultSoakMs,
  type HealthTarget,
  releaseObjects,
  type SimulateRequest,
} from '../simulate/request.ts';
import { secretsOf } from '../simulate/secret-flags.ts';
import { loadManifests, type ManifestSet } from '../validators/manifest/load.ts';
import type { CommandContext } from './base.ts';
import { type ClusterFlags, openCluster } from './cluster.ts';
import { withBehaviour } from './declared-behaviour.ts';
import { serviceManifests } from './service-manifests.ts';

export interface SimulateFlags extends ClusterFlags {
  readonly paths: readonly string[];
  readonly 'diff-only': boolean;
  readonly soak?: number | undefined;
  readonly 'ready-timeout'?: number | undefined;
  readonly 'clean-up-timeout'?: number | undefined;
  readonly secret?: readonly string[] | undefined;
  readonly 'set-image'?: readonly string[] | undefined;
  readonly replicas?: number | undefined;
  readonly 'allow-egress'?: readonly string[] | undefined;
  readonly 'canary-image'?: string | undefined;
  readonly sequential?: boolean | undefined;
  readonly inspect?: boolean | undefined;
  readonly env?: string | undefined;
}

interface Release {
  readonly sets: readonly { readonly set: ManifestSet; readonly service: string | null }[];
  readonly health: readonly HealthTarget[];
}

/**
 * What is deployed, and where: flags first, then the environment of the configuration.
 * @throws Fault `usage-invalid`, `kubeconfig-invalid`, `input-empty`, `manifests-not-rendered`, `setting-missing`
 */
export async function requestOf(
  context: CommandContext,
  flags: SimulateFlags,
): Promise<{ readonly request: SimulateRequest; readonly sets: readonly ManifestSet[] }> {
  const { config, redact } = context;
  const environment = environmentNamed(config, flags.env);
  const release =
    flags.paths.length > 0
      ? await namedRelease(context, flags.paths)
      : await ownRelease(context, environment?.namespace);
  const sets = release.sets.map(({ set }) => set);
  const objects = release.sets.flatMap(({ set, service }) => releaseObjects(set, service));
  const kube = await openCluster(context, flags, {
    context: environment?.context,
    namespace: environment?.namespace ?? soleNamespace(sets),
  });
  const request: SimulateRequest = {
    objects,
    leftOut: sets.flatMap(({ skipped }) => skipped.map(({ path, why }) => ({ what: path, why }))),
    kube,
    targetNamespace: kube.target.namespace,
    // Nothing is asked in a dry run, so it needs no tokens.
    health: flags['diff-only'] ? release.health : await withBehaviour(context, release.health),
    deadlines: {
      readyMs: flags['ready-timeout'] ?? defaultDeadlines.readyMs,
      cleanUpMs: flags['clean-up-timeout'] ?? defaultDeadlines.cleanUpMs,
    },
    soakMs: flags.soak ?? defaultSoakMs,
    diffOnly: flags['diff-only'],
    secrets: await secretsOf(flags.secret ?? [], (value) => redact.register(value)),
    images: imagesOf(flags['set-image'] ?? []),
    replicas: flags.replicas,
    readiness: environment?.sandbox?.readiness ?? [],
    sequential: flags.sequential ?? environment?.sandbox?.sequential ?? false,
    inspect: flags.inspect ?? environment?.sandbox?.inspect ?? false,
    egress: {
      allowed: await egressRules([
        ...(environment?.sandbox?.allowEgress ?? []),
        ...(flags['allow-egress'] ?? []),
      ]),
      canaryImage: flags['canary-image'] ?? environment?.sandbox?.canaryImage,
    },
    kubeconfig: flags.kubeconfig,
    toolVersion: context.toolVersion,
  };
  return { request, sets };
}

/** Manifests of the command line, with the health paths of services that are among them. */
async function namedRelease(
  { config, signal, adapters }: CommandContext,
  paths: readonly string[],
): Promise<Release> {
  const root = process.cwd();
  const processes = await adapters.processes();
  const set = readable(
    await loadManifests({ paths, root, signal, stdin: process.stdin, processes }),
  );
  const services = set.objects.filter(({ kind }) => kind === 'Service').map(({ name }) => name);
  const health = healthOf(config).filter(({ service }) => services.includes(service));
  return { sets: [{ set, service: null }], health };
}

async function ownRelease(
  context: CommandContext,
  namespace: string | undefined,
): Promise<Release> {
  const config = requireFile(context.config);
  const sets = [];
  for await (const { service, set } of serviceManifests(context, namespace)) {
    sets.push({ set: readable(set), service: service.name });
  }
  if (sets.length === 0) {
    throw new Fault('input-empty', 'no service of deploycheck.yaml has manifests');
  }
  return { sets, health: healthOf(config) };
}

function healthOf(config: CommandContext['config']): HealthTarget[] {
  return (config.value.services ?? []).flatMap(({ name, health = [], behaviour }) =>
    health.length > 0 || behaviour ? [{ service: name, probes: health }] : [],
  );
}

/** Half of a release is not deployed: what is broken has to be mended first. */
function readable(set: ManifestSet): ManifestSet {
  const [problem] = set.problems;
  if (!problem) return set;
  const { file, line } = problem.location;
  throw new Fault(
    'usage-invalid',
    `${file ?? set.name}:${line ?? 1}: this is no Kubernetes object (${problem.id}); \`deploycheck validate manifests\` says more`,
  );
}

function soleNamespace(sets: readonly ManifestSet[]): string | undefined {
  const names = new Set(sets.flatMap(({ objects }) => objects.flatMap((o) => o.namespace ?? [])));
  return names.size === 1 ? [...names][0] : undefined;
}

function imagesOf(flags: readonly string[]): Map<string, string> {
  return new Map(
    flags.map((flag) => {
      const at = flag.indexOf('=');
      if (at < 1 || at === flag.length - 1) {
        throw new Fault('usage-invalid', `--set-image ${flag}: expected NAME=REF`);
      }
      return [flag.slice(0, at), flag.slice(at + 1)];
    }),
  );
}
