import type { KubeObject } from '../adapters/kube/kube.ts';
import { quantityOf } from '../validators/manifest/quantity.ts';
import { listAt, numberAt, partAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import { podSpecPath, replicasOf } from './object-id.ts';

const ownName = 'deploycheck-sandbox';

export interface SandboxLimit {
  readonly from: 'target' | 'deploycheck';
  readonly object: KubeObject;
}

/**
 * Quotas and limit ranges of the sandbox: the target's own, so that what they refuse there is refused
 * here, and one of ours that bounds what a simulation can take from the cluster.
 * @param nodes how many there are, each of which gets a pod of a DaemonSet
 */
export function limitsFor(
  sandbox: string,
  release: readonly KubeObject[],
  target: { readonly quotas: readonly KubeObject[]; readonly ranges: readonly KubeObject[] },
  nodes: number,
): SandboxLimit[] {
  const copies = [...target.quotas, ...target.ranges].map((object): SandboxLimit => {
    const { apiVersion, kind, metadata } = object;
    const spec = partAt(object, 'spec');
    return {
      from: 'target',
      object: { apiVersion, kind, metadata: { name: metadata.name, namespace: sandbox }, spec },
    };
  });
  const bound = boundOf(release, nodes);
  const hard: Record<string, string> = {
    pods: String(bound.pods),
    'services.loadbalancers': '0',
    'services.nodeports': '0',
  };
  // A quota on requests refuses pods without them, which the target might take.
  const rangesOfOurs = target.ranges.length === 0 && !target.quotas.some(countsRequests);
  if (rangesOfOurs) {
    hard['requests.cpu'] = `${bound.milliCores}m`;
    hard['requests.memory'] = String(bound.memoryBytes);
  }
  const own: KubeObject[] = [
    { apiVersion: 'v1', kind: 'ResourceQuota', metadata: metadataIn(sandbox), spec: { hard } },
    ...(rangesOfOurs ? [defaultRequests(sandbox)] : []),
  ];
  return [...copies, ...own.map((object): SandboxLimit => ({ from: 'deploycheck', object }))];
}

const metadataIn = (namespace: string) => ({ name: ownName, namespace });

/** Requests alone: a default limit would end containers that production lets live. */
function defaultRequests(sandbox: string): KubeObject {
  const limits = [{ type: 'Container', defaultRequest: { cpu: '10m', memory: '16Mi' } }];
  return { apiVersion: 'v1', kind: 'LimitRange', metadata: metadataIn(sandbox), spec: { limits } };
}

function countsRequests(quota: KubeObject): boolean {
  return Object.keys(recordAt(quota, 'spec', 'hard')).some((name) =>
    /^(cpu|memory|(requests|limits)\.(cpu|memory))$/.test(name),
  );
}

interface Bound {
  readonly pods: number;
  readonly milliCores: number;
  readonly memoryBytes: number;
}

/** Twice what the release asks for, for surges and retries, and a little for what asks for nothing. */
function boundOf(release: readonly KubeObject[], nodes: number): Bound {
  const scaled = new Map(
    release
      .filter(({ kind }) => kind === 'HorizontalPodAutoscaler')
      .map((object) => [
        `${stringAt(object, 'spec', 'scaleTargetRef', 'kind')}/${stringAt(object, 'spec', 'scaleTargetRef', 'name')}`,
        numberAt(object, 'spec', 'maxReplicas') ?? 1,
      ]),
  );
  let pods = 10;
  let milliCores = 1000;
  let memoryBytes = 2 ** 30;
  for (const object of release) {
    const path = podSpecPath(object.kind);
    if (!path) continue;
    const count = 2 * countOf(object, scaled.get(`${object.kind}/${object.metadata.name}`), nodes);
    pods += count;
    const spec = partAt(object, ...path);
    for (const list of ['initContainers', 'containers']) {
      for (const container of listAt(spec, list)) {
        milliCores += count * Math.ceil(1000 * requestOf(container, 'cpu', 0.01));
        memoryBytes += count * Math.ceil(requestOf(container, 'memory', 16 * 2 ** 20));
      }
    }
  }
  return { pods, milliCores, memoryBytes };
}

function countOf(object: KubeObject, scaled: number | undefined, nodes: number): number {
  if (object.kind === 'DaemonSet') return nodes;
  if (object.kind === 'Job') {
    return Math.max(1, numberAt(object, 'spec', 'parallelism') ?? 1);
  }
  return Math.max(replicasOf(object), scaled ?? 0, 1);
}

/** A limit stands for the request that is not given. */
function requestOf(container: unknown, resource: string, otherwise: number): number {
  const request = partAt(container, 'resources', 'requests', resource);
  const limit = partAt(container, 'resources', 'limits', resource);
  return quantityOf(request) ?? quantityOf(limit) ?? otherwise;
}
