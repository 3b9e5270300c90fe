import { canonicalDigest } from '../core/canonical.ts';
import type { Deployed } from './deploy.ts';
import { objectText } from './object-id.ts';
import type { NotSimulated, Sandbox, SecretsSeen, Simulation } from './observation.ts';
import { type Plan, unreachedOf } from './plan.ts';
import { undeclaredPaths } from './probe-paths.ts';
import type { SimulateRequest } from './request.ts';

type Parts = Omit<
  Simulation,
  | 'kind'
  | 'name'
  | 'digest'
  | 'source'
  | 'mode'
  | 'startedAt'
  | 'cluster'
  | 'targetNamespace'
  | 'undeclaredPaths'
  | keyof Deployed
> & {
  readonly request: SimulateRequest;
  readonly startedAt: Date;
  /** Of the API server. */
  readonly version: string;
  /** Whether the target namespace exists. */
  readonly exists: boolean;
  readonly deployed: Deployed;
  readonly refusals: Simulation['refusals'];
};

/** The observation, with its digest over everything else. */
export function assemble(parts: Parts): Simulation {
  const { request, startedAt, version, exists, deployed, ...seen } = parts;
  const { target } = request.kube;
  const name = request.targetNamespace;
  const { refusals: _, ...ofDeployment } = deployed;
  const body = {
    kind: 'simulation',
    name: `simulation of ${name}`,
    source: `${target.context}/${name}`,
    mode: request.diffOnly ? 'diff-only' : 'full',
    startedAt: startedAt.toISOString(),
    cluster: { context: target.context, server: target.server, user: target.user, version },
    targetNamespace: { name, exists },
    undeclaredPaths: undeclaredPaths(request),
    ...ofDeployment,
    ...seen,
  } as const;
  return { ...body, digest: canonicalDigest(body) };
}

/** What a simulation of this release leaves out, beyond what the plan had to. */
export function gapsOf(
  plan: Plan,
  { health, diffOnly, leftOut, inspect }: SimulateRequest,
  secrets: SecretsSeen,
  sandbox: Pick<Sandbox, 'egress'> | null,
): NotSimulated[] {
  const gaps: NotSimulated[] = leftOut.map((entry) => ({ ...entry, open: true }));
  if (diffOnly) return gaps;
  gaps.push(...unreachedOf(plan), ...uninspectedOf(plan, inspect));
  if (health.every(({ probes }) => probes.length === 0)) {
    const why = 'no health path is declared, so the probes of the pods had to do';
    gaps.push({ what: 'health endpoints', why, open: false });
  }
  const copies = secrets.given.filter(({ from }) => from === 'copy').map(({ name }) => name);
  if (copies.length > 0) {
    const why = 'what it gives access to is the real thing, and was within reach of the pods';
    gaps.push({ what: `Secret/${copies.join(', Secret/')}`, why, open: false });
  }
  if (sandbox) gaps.push({ ...outsideOf(sandbox), open: false });
  return gaps;
}

function uninspectedOf({ inside }: Plan, inspect: boolean): NotSimulated[] {
  if (!inspect) {
    const why = 'not looked into; --inspect does, and tries tighter settings';
    return [{ what: 'processes of the containers', why, open: false }];
  }
  return inside
    .filter(({ kind }) => kind === 'Job')
    .map(({ id }) => ({
      what: `processes of ${objectText(id)}`,
      why: 'they had ended before anybody could look',
      open: false,
    }));
}

function outsideOf({ egress }: Pick<Sandbox, 'egress'>): { what: string; why: string } {
  const { enforced, why, allowed } = egress;
  if (enforced === 'yes') {
    const but = allowed.length === 0 ? '' : ` but for ${allowed.join(', ')}`;
    return { what: 'systems outside of the sandbox', why: `its pods were kept from them${but}` };
  }
  const told =
    enforced === 'no'
      ? 'its pods could reach them'
      : 'whether its pods could reach them is not known';
  return { what: 'systems outside of the sandbox', why: `${told}: ${why}` };
}
