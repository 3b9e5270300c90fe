import { isRecord, type Path, stringAt } from '../../validators/manifest/read.ts';
import { podSpecPath } from '../object-id.ts';
import type { Editor, RewriteRule, WhatRewritesSee } from './editor.ts';

/** The namespace of the object itself. */
export const namespace: RewriteRule = (edit, { sandbox }) => {
  edit.set(['metadata', 'namespace'], sandbox, 'the sandbox stands for it');
};

/** Who a role is given to. */
export const subjects: RewriteRule = (edit, { sandbox, sources }) => {
  if (edit.kind !== 'RoleBinding') return;
  for (const index of edit.indexes('subjects')) {
    const path = ['subjects', index, 'namespace'];
    if (sources.has(String(edit.at(...path)))) {
      edit.set(path, sandbox, 'the account of the sandbox takes its place');
    }
  }
};

const namespaceLabel = 'kubernetes.io/metadata.name';

/** Selectors that name the release's own namespace. */
export const networkPolicies: RewriteRule = (edit, { sandbox, sources }) => {
  if (edit.kind !== 'NetworkPolicy') return;
  for (const [direction, peers] of [
    ['ingress', 'from'],
    ['egress', 'to'],
  ] as const) {
    for (const rule of edit.indexes('spec', direction)) {
      for (const peer of edit.indexes('spec', direction, rule, peers)) {
        const path = ['spec', direction, rule, peers, peer, 'namespaceSelector', 'matchLabels'];
        if (sources.has(String(edit.at(...path, namespaceLabel)))) {
          edit.set([...path, namespaceLabel], sandbox, 'the sandbox stands for it');
        }
      }
    }
  }
};

/** `NAME.NAMESPACE.svc…` in settings, commands and ConfigMaps: the Service of the sandbox is meant. */
export const serviceNames: RewriteRule = (edit, see) => {
  const spec = podSpecPath(edit.kind);
  for (const list of spec ? ['initContainers', 'containers'] : []) {
    for (const index of edit.indexes(...(spec ?? []), list)) {
      const container = [...(spec ?? []), list, index];
      for (const field of ['command', 'args']) {
        for (const at of edit.indexes(...container, field)) {
          renameIn(edit, [...container, field, at], see);
        }
      }
      for (const at of edit.indexes(...container, 'env')) {
        renameIn(edit, [...container, 'env', at, 'value'], see);
      }
    }
  }
  if (edit.kind === 'ConfigMap') {
    const data = edit.at('data');
    for (const key of Object.keys(isRecord(data) ? data : {})) renameIn(edit, ['data', key], see);
  }
  if (edit.kind === 'Service' && stringAt(edit.at('spec'), 'type') === 'ExternalName') {
    renameIn(edit, ['spec', 'externalName'], see);
  }
};

const dnsLabel = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
/** A name before it, as of a pod of a StatefulSet, stays: only whole labels are looked at. */
const serviceName = new RegExp(
  `(?<![a-z0-9-])(${dnsLabel})\\.(${dnsLabel})\\.svc(?![a-z0-9-])`,
  'g',
);

function renameIn(edit: Editor, path: Path, { sandbox, sources }: WhatRewritesSee): void {
  const text = edit.at(...path);
  if (typeof text !== 'string') return;
  const found = [...text.matchAll(serviceName)].find((match) => sources.has(match[2] ?? ''));
  if (!found) return;
  const renamed = text.replace(serviceName, (whole, name: string, from: string) =>
    sources.has(from) ? `${name}.${sandbox}.svc` : whole,
  );
  const part = { from: found[0], to: `${found[1]}.${sandbox}.svc` };
  edit.replace(path, renamed, part, 'it would reach the Service of production');
}
