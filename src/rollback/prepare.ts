import type { KubeObject } from '../adapters/kube/object.ts';
import { canonicalDigest } from '../core/canonical.ts';
import { partAt } from '../validators/manifest/read.ts';
import { chooseTarget, runningTarget } from './choose.ts';
import { collect } from './collect.ts';
import { readReferences } from './configuration.ts';
import { decisionOf } from './decision.ts';
import { ifAllowed } from './denied.ts';
import { dryRuns } from './dry-run.ts';
import { type Term, totalOf, workloadTerms } from './estimate.ts';
import { type KnownRevision, revisionsOf } from './history.ts';
import { readImages } from './images.ts';
import type { MigrationPlan } from './migrations/observation.ts';
import { readMigrations } from './migrations/read.ts';
import { migrationTerms } from './migrations/terms.ts';
import type { RollbackPlan, WorkloadName, WorkloadPlan } from './observation.ts';
import { specDigest } from './patch.ts';
import type { RollbackContext, RollbackRequest } from './request.ts';
import { heldOf, stuckPodsOf, unfinishedOf } from './rollout.ts';
import { rolloutNumbers } from './status.ts';
import { term, timesOf } from './times.ts';
import { ownerOf, readWorkload, selectorText, type WorkloadObjects } from './workload.ts';

/** What carrying the plan out needs beside it; templates may hold values that no record should. */
export interface PreparedWorkload {
  readonly plan: WorkloadPlan;
  readonly objects: WorkloadObjects;
  readonly target: KnownRevision | null;
}

export interface Prepared {
  readonly plan: RollbackPlan;
  readonly workloads: readonly PreparedWorkload[];
}

/**
 * Looks at everything the way back depends on. Writes nothing: `--dry-run` ends with this, and going
 * back begins with it.
 * @throws Fault `workload-missing`, `usage-invalid`, `input-missing`; what the adapters throw
 */
export async function prepareRollback(
  request: RollbackRequest,
  context: RollbackContext,
): Promise<Prepared> {
  const { kube, clock, signal } = context;
  const version = await kube.version(signal);
  const pulls = await ifAllowed(() =>
    collect(
      kube.list(
        { apiVersion: 'v1', kind: 'Event' },
        { namespace: request.namespace, fieldSelector: 'reason=Pulled' },
        signal,
      ),
    ),
  );
  const prepared = await Promise.all(
    request.workloads.map((name) => prepareWorkload(name, request, context, pulls.value ?? [])),
  );
  const workloads = prepared.map(({ workload }) => workload);
  const migrations = await readAllMigrations(request, context, workloads);
  const downs = request.keepSchema ? [] : migrationTerms(migrations);
  const settle = request.settleSeconds;
  const verify = term('verify', settle, settle, settle + 5, 'spec', 'settle window and probes');
  const estimate = totalOf([...downs, ...prepared.flatMap(({ terms }) => terms), verify]);
  const { context: contextName, server, user } = kube.target;
  const cluster = {
    context: contextName,
    server,
    user,
    namespace: request.namespace,
    version: version.gitVersion,
  };
  const plans = workloads.map(({ plan }) => plan);
  const seen = {
    kind: 'rollbackPlan',
    leaving: request.release ? 'release' : 'running',
    name: plans.map(({ kind, name }) => `${kind.toLowerCase()}/${name}`).join(' '),
    source: `${contextName}/${request.namespace}`,
    cluster,
    takenAt: clock.now().toISOString(),
    workloads: plans,
    migrations,
    keepSchema: request.keepSchema,
    estimate,
    limitSeconds: request.limitSeconds,
    executions: null,
  } as const;
  const decided = { ...seen, decision: canonicalDigest(decisionOf(seen)) };
  return { plan: { ...decided, digest: canonicalDigest(decided) }, workloads };
}

async function prepareWorkload(
  name: WorkloadName,
  request: RollbackRequest,
  context: RollbackContext,
  pulls: readonly KubeObject[],
): Promise<{ readonly workload: PreparedWorkload; readonly terms: readonly Term[] }> {
  const { kube, clock, signal } = context;
  const { namespace } = request;
  const objects = await readWorkload(kube, name, namespace, signal);
  const { workload, pods, autoscaler } = objects;
  const revisions = revisionsOf(objects, request.proofs);
  const { target, choice } = request.release
    ? runningTarget(revisions)
    : chooseTarget(revisions, request.toRevision);
  const [images, references, tried] = target
    ? await Promise.all([
        readImages(context, target.podTemplate, namespace, pulls, signal),
        readReferences(kube, target, namespace, signal),
        dryRuns(kube, clock, workload, target, signal),
      ])
    : [[], [], []];
  const plan: WorkloadPlan = {
    kind: name.kind,
    name: name.name,
    apiVersion: workload.apiVersion,
    namespace,
    uid: workload.metadata.uid ?? '',
    spec: specDigest(workload),
    replicas: rolloutNumbers(workload).replicas,
    held: heldOf(workload),
    unfinished: unfinishedOf(workload),
    autoscaler,
    owner: ownerOf(workload),
    revisions: revisions.map(shown),
    target: target && shown(target),
    choice,
    images,
    references,
    dryRuns: tried,
    surges: surgesOf(workload),
    stuckPods: stuckPodsOf(workload, pods),
    deletesStuckPods: request.deleteStuck,
    selectors: selectorsOf(request, name, workload),
  };
  const terms = target
    ? workloadTerms(timesOf({ objects, revisions, target, images, patch: tried[0], pulls }))
    : [];
  return { workload: { plan, objects, target }, terms };
}

function selectorsOf({ release }: RollbackRequest, { kind, name }: WorkloadName, live: KubeObject) {
  const own = release?.find((entry) => entry.kind === kind && entry.name === name);
  if (!own) return null;
  const { selector, place } = own;
  return { release: selector, live: selectorText(partAt(live, 'spec', 'selector')), place };
}

function shown({ podTemplate: _, ...revision }: KnownRevision) {
  return revision;
}

function surgesOf(workload: KubeObject): boolean {
  const recreates = partAt(workload, 'spec', 'strategy', 'type') === 'Recreate';
  return !recreates && rolloutNumbers(workload).surge > 0;
}

async function readAllMigrations(
  request: RollbackRequest,
  { processes, database, signal }: RollbackContext,
  workloads: readonly PreparedWorkload[],
): Promise<MigrationPlan[]> {
  const nothing = {
    folder: '',
    layout: '',
    boundary: '',
    table: null,
    tool: null,
    dirty: false,
    steps: [],
  };
  if (request.services === null) {
    const why =
      'nothing says whether the service has any; name their folder with --migrations, or say --migrations none';
    return [{ ...nothing, service: workloads[0]?.plan.name ?? '', state: 'unknown', why }];
  }
  // The earliest, so that nothing a later release brought is missed.
  const targetCreated = workloads.flatMap(({ target }) => target?.created ?? []).toSorted()[0];
  return Promise.all(
    request.services.map(({ name, migrations: folder }): Promise<MigrationPlan> => {
      if (folder === undefined) {
        return Promise.resolve({ ...nothing, service: name, state: 'none', why: '' });
      }
      const { root, from } = request;
      const coming = request.release !== null;
      const source = { service: name, folder, root, from, targetCreated, coming, database };
      return readMigrations(source, processes, signal);
    }),
  );
}
