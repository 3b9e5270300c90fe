import type { Kube, KubeObject } from '../../adapters/kube/kube.ts';

export interface Planned {
  readonly object: KubeObject;
  /** Whether an object of that name is there, whose fields are changed. */
  readonly present: boolean;
}

export type Answered = { readonly name: string; readonly warnings: readonly string[] } & (
  | { readonly ok: true }
  /** What the API server says. */
  | { readonly ok: false; readonly why: string }
);

const nameOf = ({ kind, metadata }: KubeObject): string => `${kind}/${metadata.name}`;

/** Whether objects of these names are there. @throws Fault `cluster-*` */
export async function planned(
  kube: Kube,
  objects: readonly KubeObject[],
  signal: AbortSignal,
): Promise<Planned[]> {
  const plan: Planned[] = [];
  for (const object of objects) {
    const { apiVersion, kind, metadata } = object;
    const { name, namespace } = metadata;
    const ref = { apiVersion, kind, name, ...(namespace !== undefined && { namespace }) };
    plan.push({ object, present: (await kube.get(ref, signal)) !== undefined });
  }
  return plan;
}

/**
 * Server-side apply as `deploycheck`; fields that somebody else owns are not taken. Ends at the first
 * that is refused.
 * @throws Fault `cluster-*`
 */
export async function applyAll(
  kube: Kube,
  objects: readonly KubeObject[],
  { dryRun }: { readonly dryRun: boolean },
  signal: AbortSignal,
): Promise<Answered[]> {
  const answers: Answered[] = [];
  for (const object of objects) {
    const options = { dryRun, fieldValidation: 'Strict' } as const;
    const written = await kube.apply(object, options, signal);
    const { warnings } = written;
    const name = nameOf(object);
    if (written.outcome === 'refused') {
      return [...answers, { name, warnings, ok: false, why: written.status.message }];
    }
    answers.push({ name, warnings, ok: true });
  }
  return answers;
}
