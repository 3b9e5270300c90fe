import type { Kube, Written } from '../adapters/kube/kube.ts';
import type { KubeObject } from '../adapters/kube/object.ts';
import type { Clock } from '../core/clock.ts';
import { textMapOf } from '../core/json.ts';
import { listAt, recordAt, stringAt } from '../validators/manifest/read.ts';
import type { KnownRevision } from './history.ts';
import type { DryRun } from './observation.ts';
import { sendPatch } from './patch.ts';

/**
 * Lets the server try: the patch itself, and one pod as the controller would make it, because quota,
 * Pod Security and most webhooks look at pods alone. Nothing is stored.
 */
export async function dryRuns(
  kube: Kube,
  clock: Clock,
  workload: KubeObject,
  target: KnownRevision,
  signal: AbortSignal,
): Promise<DryRun[]> {
  const began = clock.monotonic();
  const sent = await sendPatch(kube, workload, target, { dryRun: true }, signal);
  const seconds = (clock.monotonic() - began) / 1000;
  const patch: DryRun = sent.sent
    ? { request: 'patch', ...outcomeOf(sent.written), seconds }
    : {
        request: 'patch',
        outcome: 'not-tried',
        message: 'somebody changed it while it was looked at; run again',
        warnings: [],
        seconds,
      };
  const beganPod = clock.monotonic();
  const pod = await kube.create(podOf(workload, target), { dryRun: true }, signal);
  const podSeconds = (clock.monotonic() - beganPod) / 1000;
  return [patch, { request: 'pod', ...outcomeOf(pod), seconds: podSeconds }];
}

/** What the controller adds to the template: the volumes of a StatefulSet's claims. */
function podOf({ kind, metadata, spec }: KubeObject, { podTemplate }: KnownRevision) {
  const { labels, annotations } = recordAt(podTemplate, 'metadata');
  const podSpec = recordAt(podTemplate, 'spec');
  const claims = kind === 'StatefulSet' ? listAt(spec, 'volumeClaimTemplates') : [];
  const volumes = claims.flatMap((claim) => {
    const name = stringAt(claim, 'metadata', 'name') ?? '';
    return [{ name, persistentVolumeClaim: { claimName: `${name}-${metadata.name}-0` } }];
  });
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      generateName: `${metadata.name}-`,
      ...(metadata.namespace !== undefined && { namespace: metadata.namespace }),
      labels: textMapOf(labels),
      annotations: textMapOf(annotations),
    },
    spec: { ...podSpec, volumes: [...listAt(podSpec, 'volumes'), ...volumes] },
  };
}

function outcomeOf(written: Written): Pick<DryRun, 'outcome' | 'message' | 'warnings'> {
  const { warnings } = written;
  if (written.outcome === 'ok') return { outcome: 'accepted', message: '', warnings };
  const { message, code } = written.status;
  // Authorization and admission both say 403; the former alone names the verb.
  const denied = code === 403 && / cannot (patch|create) resource /.test(message);
  return { outcome: denied ? 'denied' : 'refused', message, warnings };
}
