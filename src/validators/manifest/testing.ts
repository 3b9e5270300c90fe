import type { Check } from '../../core/check.ts';
import { runChecks } from '../../core/engine.ts';
import type { ManifestSet } from './load.ts';
import { manifestSetOf } from './load.ts';

/** What the tests of this family compare: a finding without what all findings of a rule share. */
export interface Seen {
  readonly messageId: string;
  readonly line: number | undefined;
  readonly column: number | undefined;
}

export interface Examination {
  readonly seen: readonly Seen[];
  readonly severities: readonly string[];
  readonly paths: readonly (string | undefined)[];
  readonly messages: readonly string[];
  readonly notExamined: readonly string[];
  /** Why the check is not meant for the target. */
  readonly notMeant: readonly string[];
  readonly skipped: number;
  /** Why each of them was not. */
  readonly whyNot: readonly string[];
  readonly outcome: string | undefined;
  readonly fault: string | undefined;
}

/** A set of one file. */
export function setOf(...texts: readonly string[]): ManifestSet {
  return manifestSetOf(
    texts.map((text, index) => ({
      path: `${index + 1}.yaml`,
      bytes: new TextEncoder().encode(text),
    })),
  );
}

/** Runs one rule through the engine. */
export async function examine(
  check: Check<ManifestSet>,
  target: ManifestSet | string,
  options: Readonly<Record<string, unknown>> = {},
): Promise<Examination> {
  const run = await runChecks({
    checks: [check],
    targets: [typeof target === 'string' ? setOf(target) : target],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('manifest rules leave no evidence')) },
    settings: { [check.id]: { options } },
  });
  const [outcome] = run.outcomes;
  return {
    seen: run.findings.map(({ messageId, location: { line, column } }) => ({
      messageId,
      line,
      column,
    })),
    severities: run.findings.map(({ severity }) => severity),
    paths: run.findings.map(({ location }) => location.path),
    messages: run.findings.map(({ message }) => message),
    notExamined: run.notExamined.map(({ what }) => what),
    whyNot: run.notExamined.map(({ why }) => why),
    notMeant: run.notMeant.map(({ why }) => why),
    skipped: run.skipped,
    outcome: outcome?.outcome,
    fault: outcome?.fault?.code,
  };
}

/** A pod of one container `web`; the fields of the container begin in line 11, in column 7. */
export function podWith(fields = '', podFields = ''): string {
  return `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
${indent(fields, 6)}${indent(podFields, 2)}`;
}

/** Fields of a Deployment, each line as given, below `spec`; then a template like {@link podWith}. */
export function deploymentWith(name: string, specFields = '', containerFields = ''): string {
  return `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ${name}
spec:
${indent(specFields, 2)}  selector:
    matchLabels:
      app: ${name}
  template:
    metadata:
      labels:
        app: ${name}
    spec:
      containers:
        - name: ${name}
          image: registry.example/${name}:1.4.2
${indent(containerFields, 10)}`;
}

export function documents(...texts: readonly string[]): string {
  return texts.join('---\n');
}

function indent(text: string, spaces: number): string {
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => `${' '.repeat(spaces)}${line}\n`).join('');
}

/** A ClusterRole `shop` of one rule, whose resources begin in line 7, column 17; lists without brackets. */
export function clusterRoleWith(rule: {
  readonly group: string;
  readonly resources: string;
  readonly verbs: string;
  readonly named?: string;
}): string {
  const { group, resources, verbs, named = '' } = rule;
  return `apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata:
  name: shop
rules:
  - apiGroups: ['${group}']
    resources: [${resources}]
    verbs: [${verbs}]
    resourceNames: [${named}]
`;
}
