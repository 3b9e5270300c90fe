import { isPolicy } from '../beside.ts';
import { keyOf } from '../kind-key.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { recordAt, stringAt } from '../read.ts';
import { isKind } from '../workloads.ts';
import type { Request } from './answers.ts';

/**
 * What the module has to know before it judges: what the server is started with, then definitions, then
 * policies and what they refer to.
 */
export function knowledgeOf(set: ManifestSet): Request[] {
  const { objects: own, definitions, policies, serverRules } = set;
  const objects = [...definitions, ...policies, ...own];
  const parameters = new Set(
    objects
      .filter(isPolicy)
      .map(({ value }) => recordAt(value, 'spec', 'paramKind'))
      .map(({ apiVersion, kind }) => `${apiVersion}/${kind}`),
  );
  const rank = (object: ManifestObject): number | undefined => {
    const { apiVersion, kind } = object;
    if (kind === 'CustomResourceDefinition') return 0;
    if (kind === 'Namespace' && apiVersion === 'v1') return 1;
    if (kind.startsWith('ValidatingAdmissionPolicy')) return 2;
    return parameters.has(keyOf(object)) ? 3 : undefined;
  };
  const told = objects
    .flatMap((object) => {
      const order = rank(object);
      return order === undefined ? [] : [{ order, doc: object.value as unknown }];
    })
    .concat(unbound(set).map((policy) => ({ order: 2, doc: bindingOf(policy) })))
    .sort((a, b) => a.order - b.order)
    .map(({ doc }): Request => ({ op: 'know', doc }));
  const cluster = serverRules?.cluster;
  return cluster ? [{ op: 'settings', settings: cluster }, ...told] : told;
}

/** Policies that hold like rules without a binding that says for what: for all that they match. */
export function unbound({ policies }: ManifestSet): readonly ManifestObject[] {
  const bound = new Set(
    policies
      .filter((object) =>
        isKind(object, 'admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding'),
      )
      .map(({ value }) => stringAt(value, 'spec', 'policyName')),
  );
  return policies.filter((object) => isPolicy(object) && !bound.has(object.name));
}

const bindingOf = ({ name }: ManifestObject) => ({
  apiVersion: 'admissionregistration.k8s.io/v1',
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name },
  spec: { policyName: name, validationActions: ['Deny'] },
});
