import type { Kube } from '../../../adapters/kube/kube.ts';
import { Fault } from '../../../core/fault.ts';
import type { JsonObject } from '../../../core/json.ts';
import type { ExternalBackups } from '../external.ts';
import { type ClusterState, clusterState, parseBackups, scheduleProblem } from './parse.ts';

export interface CloudNativePgRef {
  readonly cluster: string;
  readonly namespace: string;
}

const apiVersion = 'postgresql.cnpg.io/v1';
const kindOf = (kind: string) => ({ apiVersion, kind });
/** A cluster that makes a backup every minute for a week has as many. */
const mostBackups = 10_000;

export function cloudNativePg(
  { cluster, namespace }: CloudNativePgRef,
  kube: Kube,
): ExternalBackups {
  const place = `CloudNativePG cluster ${namespace}/${cluster}`;
  const state = async (signal: AbortSignal): Promise<ClusterState> => {
    const ref = { ...kindOf('Cluster'), namespace, name: cluster };
    const object = await kube.get(ref, signal);
    if (object) return clusterState({ ...object });
    const why = 'there is no such object of postgresql.cnpg.io/v1 Cluster';
    throw new Fault('repository-unreadable', `${place}: ${why}`);
  };
  const all = async (kind: string, signal: AbortSignal): Promise<JsonObject[]> => {
    const objects: JsonObject[] = [];
    for await (const object of kube.list(kindOf(kind), { namespace }, signal)) {
      if (objects.length === mostBackups) {
        throw new Fault('repository-unreadable', `${place}: over ${mostBackups} of kind ${kind}`);
      }
      objects.push({ ...object });
    }
    return objects;
  };

  return {
    tool: 'cloudnativepg',
    place,
    async list(signal) {
      const own = await state(signal);
      return parseBackups(await all('Backup', signal), cluster, own);
    },
    async archive(_backup, _segmentBytes, signal) {
      const { archiving } = await state(signal);
      const suspended = scheduleProblem(await all('ScheduledBackup', signal), cluster);
      return suspended === null || archiving.failing !== null
        ? archiving
        : { ...archiving, failing: suspended };
    },
    async restore() {
      const why =
        'its operator restores into a new Cluster of its own, which this version does not make; make one with bootstrap.recovery and look at it';
      return { outcome: 'lacking', lacking: { what: 'a restore by CloudNativePG', why } };
    },
  };
}
