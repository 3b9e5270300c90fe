import { isRecord, type Path } from './read.ts';
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
function securityContexts(template: PodTemplate): readonly SecurityContext[] {
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

/** Those of them in which a field is a map. */
export function contextsWith(template: PodTemplate, field: string): readonly SecurityContext[] {
  return securityContexts(template).filter(({ fields }) => isRecord(fields[field]));
}

const contextsOf = new WeakMap<PodTemplate, readonly SecurityContext[]>();

/** The securityContext of a pod's spec or of a container; an empty one when there is none. */
export function contextOf({ securityContext }: Fields): Fields {
  return isRecord(securityContext) ? securityContext : none;
}

const none: Fields = {};

/**
 * A field of the securityContext as it counts for one container: its own goes before that of its pod.
 * https://kubernetes.io/docs/tasks/configure-pod-container/security-context/
 */
export function settingOf({ spec }: PodTemplate, { value }: Container, field: string): unknown {
  return contextOf(value)[field] ?? contextOf(spec)[field] ?? null;
}

/** Where {@link settingOf} is set, or would be for this container alone. */
export function settingPath(
  { spec, specPath }: PodTemplate,
  { value, path }: Container,
  field: string,
): Path {
  const isShared =
    (contextOf(value)[field] ?? null) === null && (contextOf(spec)[field] ?? null) !== null;
  return [...(isShared ? specPath : path), 'securityContext', field];
}

/** `container web`, `containers web and proxy`. */
export function containersText(containers: readonly Pick<Container, 'name'>[]): string {
  const names = containers.map(({ name }) => name);
  if (names.length === 1) return `container ${names[0]}`;
  return `containers ${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

/** The capabilities that a container adds or drops. */
export function capabilitiesOf({ value }: Container, change: 'add' | 'drop'): readonly unknown[] {
  const { capabilities } = contextOf(value);
  const list = isRecord(capabilities) ? capabilities[change] : undefined;
  return Array.isArray(list) ? list : [];
}
