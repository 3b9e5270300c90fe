import type { KubeObject } from '../../adapters/kube/kube.ts';
import { quantityOf } from '../../validators/manifest/quantity.ts';
import { listAt, partAt, stringAt } from '../../validators/manifest/read.ts';
import { cpuLimitOf, memoryLimitOf } from '../../validators/runtime/control-group.ts';
import type {
  EnvironmentSeen,
  LimitsSeen,
  Looked,
  ProcessSeen,
} from '../../validators/runtime/observation.ts';
import { environmentSeen, processOf } from '../../validators/runtime/process.ts';
import type { Inside } from './inside.ts';

/** What the files of a process and of its control group say. */
export interface FilesSeen {
  readonly process: Looked<ProcessSeen>;
  readonly limits: Looked<LimitsSeen>;
  readonly environment: Looked<EnvironmentSeen>;
}

/**
 * @param inside why nobody can look, when it is no way in
 * @param declared variables, as {@link environmentSeen} takes them
 */
export async function readFiles(
  inside: Inside | string,
  pod: KubeObject,
  container: unknown,
  declared: ReadonlyMap<string, string | null>,
): Promise<FilesSeen> {
  if (typeof inside === 'string') {
    const nothing = { why: inside };
    return { process: nothing, environment: nothing, limits: limitsOf(pod, container, {}) };
  }
  const status = await inside.ofProcess('status');
  const mountinfo = textOf(await inside.ofProcess('mountinfo'));
  const environ = await inside.ofProcess('environ');
  const memory = memoryLimitOf(textOf(await inside.ofControlGroup('memory.max')) ?? '');
  const cpu = cpuLimitOf(textOf(await inside.ofControlGroup('cpu.max')) ?? '');
  return {
    process: processSeen(status, mountinfo),
    environment: 'seen' in environ ? { seen: environmentSeen(declared, environ.seen) } : environ,
    limits: limitsOf(pod, container, { memory, cpu }),
  };
}

function processSeen(status: Looked<string>, mountinfo: string | undefined): Looked<ProcessSeen> {
  if ('why' in status) return status;
  const seen = processOf(status.seen, mountinfo);
  return seen ? { seen } : { why: '/proc/1/status says neither user nor capabilities' };
}

const textOf = (looked: Looked<string>): string | undefined =>
  'seen' in looked ? looked.seen : undefined;

type InForce = Partial<Record<'memory' | 'cpu', number | null | undefined>>;

/**
 * What is declared beside what is in force: as the control group has it or, where that cannot be read,
 * as the kubelet says it is (`status.containerStatuses[].resources`, Kubernetes 1.33 and newer).
 * @param read null for no limit; undefined where the control group could not be read
 */
function limitsOf(pod: KubeObject, container: unknown, read: InForce): Looked<LimitsSeen> {
  const status = listAt(pod, 'status', 'containerStatuses').find(
    (entry) => stringAt(entry, 'name') === stringAt(container, 'name'),
  );
  const told = partAt(status, 'resources');
  const declared = { memory: limitOf(container, 'memory'), cpu: limitOf(container, 'cpu') };
  const inForce = (resource: 'memory' | 'cpu') => {
    if (read[resource] !== undefined) return read[resource];
    return told === undefined ? undefined : limitOf(status, resource);
  };
  const [memory, cpu] = [inForce('memory'), inForce('cpu')];
  if (memory === undefined || cpu === undefined) {
    return { why: 'neither its control group nor its status tells what is in force' };
  }
  return {
    seen: {
      memory: { declared: declared.memory, inForce: memory },
      cpu: { declared: declared.cpu, inForce: cpu },
    },
  };
}

const limitOf = (container: unknown, resource: string): number | null =>
  quantityOf(partAt(container, 'resources', 'limits', resource)) ?? null;
