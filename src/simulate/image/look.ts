import type { KubeObject } from '../../adapters/kube/kube.ts';
import { listAt } from '../../validators/manifest/read.ts';
import { type FilesSeen, readFiles } from '../runtime/files.ts';
import { lookInside } from '../runtime/inside.ts';
import { containerName } from './pod.ts';
import type { PodYard } from './yard.ts';

/** What the files of the main process and of its control group say. */
export async function filesOf(
  pod: KubeObject | undefined,
  { sandbox, request, egress, signal }: PodYard,
): Promise<FilesSeen> {
  if (!pod) {
    const nothing = { why: 'somebody removed its pod' };
    return { process: nothing, limits: nothing, environment: nothing };
  }
  const { kube, seen } = sandbox;
  const inside = await lookInside({
    ...{ kube, pod, container: containerName, helperImage: egress.canaryImage, signal },
    fieldManager: seen.fieldManager,
  });
  const declared = new Map<string, string | null>(Object.entries(request.environment));
  const [container] = listAt(pod, 'spec', 'containers');
  const files = await readFiles(inside, pod, container, declared);
  // With nothing declared there is nothing to look for.
  const none = { seen: { declared: 0, missing: [], different: [] } };
  return declared.size === 0 ? { ...files, environment: none } : files;
}
