import type { KubeObject } from '../../adapters/kube/kube.ts';
import { stringAt } from '../../validators/manifest/read.ts';
import type { Rewrite } from '../observation.ts';
import { classes } from './classes.ts';
import { createEditor, type RewriteRule, type WhatRewritesSee } from './editor.ts';
import { namespace, networkPolicies, serviceNames, subjects } from './names.ts';
import { claims, cronJobs, hostPorts, images, replicas } from './pods.ts';
import { annotations, ingresses, services } from './services.ts';

const rules: readonly RewriteRule[] = [
  namespace,
  subjects,
  serviceNames,
  networkPolicies,
  services,
  ingresses,
  annotations,
  hostPorts,
  images,
  replicas,
  cronJobs,
  claims,
  classes,
];

/** What a server writes; a manifest that was read back from one cannot be applied with it. */
const writtenByServers = [
  'uid',
  'resourceVersion',
  'generation',
  'creationTimestamp',
  'deletionTimestamp',
  'managedFields',
  'selfLink',
  'ownerReferences',
];

/**
 * A namespaced object as it can live in the sandbox, beside production and out of its reach.
 * @param value with kind and a name or `generateName`
 */
export function rewriteObject(
  value: Readonly<Record<string, unknown>>,
  see: WhatRewritesSee,
): { readonly object: KubeObject; readonly rewrites: readonly Rewrite[] } {
  const rewrites: Rewrite[] = [];
  const { kind, name, draft } = bare(value, see);
  const edit = createEditor(draft, { kind, name }, (rewrite) => rewrites.push(rewrite));
  if (stringAt(value, 'metadata', 'name') === undefined) {
    edit.set(['metadata', 'name'], name, 'server-side apply needs the whole name');
  }
  for (const rule of rules) rule(edit, see);
  return { object: appliable(draft), rewrites };
}

/** Without what servers write; as it is otherwise. */
export function appliable(draft: Readonly<Record<string, unknown>>): KubeObject {
  const { status: _, ...rest } = draft;
  const metadata = Object.fromEntries(
    Object.entries(typeof rest.metadata === 'object' && rest.metadata ? rest.metadata : {}).filter(
      ([field]) => !writtenByServers.includes(field) && field !== 'generateName',
    ),
  );
  return {
    ...rest,
    apiVersion: stringAt(draft, 'apiVersion') ?? '',
    kind: stringAt(draft, 'kind') ?? '',
    metadata: { ...metadata, name: stringAt(metadata, 'name') ?? '' },
  };
}

function bare(value: Readonly<Record<string, unknown>>, { sandbox }: WhatRewritesSee) {
  const draft: Record<string, unknown> = structuredClone(value);
  const prefix = stringAt(value, 'metadata', 'generateName') ?? '';
  // The digits of the sandbox's own name, so that the same run gives the same names.
  const name = stringAt(value, 'metadata', 'name') ?? `${prefix}${sandbox.slice(-8)}`;
  return { kind: stringAt(value, 'kind') ?? '', name, draft };
}
