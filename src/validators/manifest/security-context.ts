import { isRecord, type Path, partAt, recordAt } from './read.ts';
import type { Container, PodTemplate } from './workloads.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A securityContext that is there: that of the pod, or one of its containers'. */
export interface SecurityContext {
  /** Begins a message: `container web`, `Deployment shop`. */
  readonly subject: string;
  readonly fields: Fields;
  readonly path: Path;
}

/** The contexts of a pod and of its containers of every list; worked out once for each template. */
export function securityContexts(template: PodTemplate): readonly SecurityContext[] {
  const known = contextsOf.get(template);
  if (known) return known;
  const { object, spec, specPath, containers } = template;
  const holders = [
    { subject: `${object.kind} ${object.name}`, value: spec, path: specPath },
    ...containers.map(({ name, value, path }) => ({ subject: `container ${name}`, value, path })),
  ];
  const contexts = holders.flatMap(({ subject, value, path }) =>
    isRecord(value.securityContext)
      ? [{ subject, fields: value.securityContext, path: [...path, 'securityContext'] }]
      : [],
  );
  contextsOf.set(template, contexts);
  return contexts;
}

const contextsOf = new WeakMap<PodTemplate, readonly SecurityContext[]>();

/** A field of a securityContext as it counts for one container. */
export interface Setting {
  readonly value: unknown;
  /** Where it is set, or would be for this container alone. */
  readonly path: Path;
}

/**
 * A container's own securityContext goes before that of its pod, field by field.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export function settingOf(
  { spec, specPath }: PodTemplate,
  { value, path }: Container,
  field: string,
): Setting {
  const steps = ['securityContext', field];
  const own = partAt(value, ...steps) ?? null;
  if (own !== null) return { value: own, path: [...path, ...steps] };
  const shared = partAt(spec, ...steps) ?? null;
  return { value: shared, path: [...(shared === null ? path : specPath), ...steps] };
}

/** `container web`, `containers web and proxy`. */
export function containersText(containers: readonly Pick<Container, 'name'>[]): string {
  const names = containers.map(({ name }) => name);
  if (names.length === 1) return `container ${names[0]}`;
  return `containers ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The capabilities that a container adds or drops; entries that are no strings read as absent. */
export function capabilitiesOf({ value }: Container, change: 'add' | 'drop'): readonly unknown[] {
  const list = recordAt(value, 'securityContext', 'capabilities')[change];
  return Array.isArray(list) ? list : [];
}
