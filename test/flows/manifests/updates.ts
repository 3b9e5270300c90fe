import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';
import type { ServerRules } from '../../../src/validators/manifest/server-rules/host.ts';
import { kubectl } from '../../systems/kubernetes.ts';
import { bases } from './bases.ts';

/** Kinds of a namespace whose objects can stand there without anything running. */
const still: Readonly<Record<string, object>> = {
  Pod: { schedulingGates: [{ name: 'example.org/never' }] },
  Deployment: { replicas: 0 },
  StatefulSet: { replicas: 0 },
  DaemonSet: {},
  ReplicaSet: { replicas: 0 },
  ReplicationController: { replicas: 0 },
  Job: { suspend: true },
  CronJob: { suspend: true },
  Service: {},
  Ingress: {},
  NetworkPolicy: {},
  HorizontalPodAutoscaler: {},
  PodDisruptionBudget: {},
  ConfigMap: {},
  Secret: {},
  ServiceAccount: {},
  PersistentVolumeClaim: {},
  PodTemplate: {},
  Role: {},
  RoleBinding: {},
  Lease: {},
  EndpointSlice: {},
  ControllerRevision: {},
};

const noWhere = { nodeSelector: { 'example.org/nowhere': 'yes' } };

/** One manifest of each base, under a name of its own. */
export function stored(): readonly NewKubeObject[] {
  return bases.flatMap((base, at) => {
    const change = still[base.kind];
    if (change === undefined) return [];
    const object = structuredClone(base) as NewKubeObject & {
      metadata: { name: string; labels: object };
      spec?: { template?: { spec: object } };
    };
    object.metadata.name = `stored-${at}`;
    // Controllers of the other manifests would take it for theirs, and remove it.
    if (object.kind === 'Pod') object.metadata.labels = { app: 'alone' };
    if (object.spec !== undefined) Object.assign(object.spec, change);
    if (object.kind === 'DaemonSet') Object.assign(object.spec?.template?.spec ?? {}, noWhere);
    return [object];
  });
}

/** Stores the manifests as kubectl does, so that it can apply others over them. */
export async function store(objects: readonly NewKubeObject[], namespace: string): Promise<void> {
  await apply(objects, ['--namespace', namespace]);
}

async function apply(objects: readonly object[], flags: readonly string[]): Promise<string> {
  const list = { apiVersion: 'v1', kind: 'List', items: objects };
  return kubectl(['apply', ...flags, '--filename', '-'], JSON.stringify(list));
}

/**
 * Why kubectl's answer would not be the server's: another object, or what kubectl itself takes away or refuses
 * before it asks.
 */
export function notComparable(old: NewKubeObject, object: NewKubeObject): boolean {
  const texts = [object.metadata?.annotations, object.metadata?.labels].flatMap((map) =>
    Object.values(map ?? {}),
  );
  const revision = object.kind === 'ControllerRevision' && !('revision' in object);
  const other = object.metadata?.name !== old.metadata?.name;
  return other || revision || texts.some((text) => typeof text !== 'string');
}

export interface UpdateComparison {
  readonly accepted: boolean;
  readonly problem: string;
}

/** Applies a manifest over the stored one, as a dry run of kubectl and with the module. */
export async function comparedUpdate(
  old: NewKubeObject,
  object: NewKubeObject,
  { rules, namespace }: { rules: ServerRules; namespace: string },
): Promise<UpdateComparison> {
  const flags = ['--namespace', namespace, '--dry-run=server', '--validate=strict'];
  const refusal = await apply([object], flags).then(
    () => '',
    (error: Error) => error.message,
  );
  const [answer] = await rules.ask([{ op: 'check', doc: object, old, ns: namespace }]);
  const accepted = refusal === '';
  const ours = answer?.verdict === 'accepted';
  const problem =
    accepted === ours
      ? ''
      : `server: ${accepted ? 'takes it' : refusal}; module: ${answer?.verdict} ${answer?.message ?? ''}`;
  return { accepted, problem };
}
