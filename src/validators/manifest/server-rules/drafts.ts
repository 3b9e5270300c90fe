import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject } from '../load.ts';
import { formatPath, type Path } from '../read.ts';
import type { Answer, Cause } from './answers.ts';
import { firstPlaceOf, manifestField, placeOf } from './field-path.ts';

/** What the rule manifest/schema has said already. */
export interface SaidBySchema {
  /** Objects by what tells them apart in findings. */
  readonly unknown: { has(object: ManifestObject): boolean };
  /** Whether a part of the object has a finding. */
  at(object: ManifestObject, path: Path): boolean;
  /** Whether a part has a value of another type: a server reads no further then. */
  mistyped(object: ManifestObject): boolean;
}

/** @param drafts of the rule manifest/schema */
export function saidBySchema(drafts: readonly Draft[]): SaidBySchema {
  const paths = new Set(drafts.map((draft) => `${placeKey(draft)} ${draft.location.path ?? ''}`));
  const unknown = new Set(drafts.filter(isOf('unknown-kind')).map(({ object }) => keyOf(object)));
  const mistyped = new Set(drafts.filter(isOf('wrong-type')).map(({ object }) => keyOf(object)));
  return {
    unknown: { has: ({ ref }) => unknown.has(keyOf(ref)) },
    at: ({ file, ref }, path) => paths.has(`${file} ${keyOf(ref)} ${formatPath(path)}`),
    mistyped: ({ ref }) => mistyped.has(keyOf(ref)),
  };
}

const isOf =
  (id: string) =>
  ({ messageId }: Draft): boolean =>
    messageId === id;
const placeKey = ({ location, object }: Draft): string => `${location.file} ${keyOf(object)}`;
const keyOf = (object: Draft['object']): string => JSON.stringify(object ?? null);

export interface Wording {
  /** Minor version of the rules. */
  readonly version: string;
  readonly said: SaidBySchema;
  readonly namespace: string;
  /** Level of the Pod Security Standards that the namespace holds to. */
  readonly level: string;
}

/** An answer as findings. */
export function draftsOf(object: ManifestObject, answer: Answer, wording: Wording): Draft[] {
  const { version, said, namespace, level } = wording;
  const whole = (messageId: string, data: Readonly<Record<string, string>>, path: Path): Draft =>
    draftAt(object, path, messageId, { data });
  return [
    ...refusalsOf(object, answer, version, said),
    ...answer.warnings.map((problem) =>
      draftAt(object, placeOfWarning(problem, object), 'warned', {
        data: { version, problem },
        severity: 'warning',
      }),
    ),
    ...answer.security.map(({ reason, detail }) => {
      const problem = detail === '' ? reason : `${reason} (${detail})`;
      return whole('pod-security', { namespace, level, problem }, ['spec']);
    }),
    ...policyDrafts(object, answer),
  ];
}

/** What ValidatingAdmissionPolicies say. */
export function policyDrafts(object: ManifestObject, { policies }: Answer): Draft[] {
  const at = ['metadata', 'name'];
  return policies.map(({ policy, message, actions }) => {
    const data = { policy, problem: message };
    if (actions.includes('Deny')) return draftAt(object, at, 'policy-denies', { data });
    return actions.includes('Warn')
      ? draftAt(object, at, 'policy-warns', { data, severity: 'warning' })
      : draftAt(object, at, 'policy-audits', { data, severity: 'info' });
  });
}

function refusalsOf(
  object: ManifestObject,
  { verdict, message = '', causes }: Answer,
  version: string,
  said: SaidBySchema,
): Draft[] {
  if (verdict === 'not-served') {
    if (said.unknown.has(object)) return [];
    return [
      draftAt(object, ['apiVersion'], 'refused-object', { data: { version, problem: message } }),
    ];
  }
  if (verdict !== 'rejected') return [];
  if (causes.length === 0) {
    return [draftAt(object, ['kind'], 'refused-object', { data: { version, problem: message } })];
  }
  return causes.flatMap((cause) => {
    const { path, found } = pathOf(cause, object);
    // A type that the schema has spoken about ends the server's reading, mostly in fewer words.
    if (cause.type === 'UnreadableType' && said.mistyped(object)) return [];
    if (said.at(object, path)) return [];
    const problem = problemOf(cause, object, path);
    if (path.length === 0) {
      return [draftAt(object, ['kind'], 'refused-object', { data: { version, problem } })];
    }
    const part = cause.type === 'UnreadableField' && found ? 'key' : 'value';
    return [
      draftAt(object, path, 'refused', {
        data: { version, field: formatPath(path), problem },
        part,
      }),
    ];
  });
}

function pathOf({ type, field }: Cause, { kind, value }: ManifestObject) {
  // Custom resources say <nil> when some of their rules were not tried.
  if (field === '' || field === '<nil>') return { path: [], found: false };
  if (type === 'UnreadableType') return firstPlaceOf(field, value);
  return placeOf(manifestField(field, kind, value), value);
}

/** Fields whose values may be secret; the server quotes what it refuses. */
const secretive = /(?:^|\.)(?:data|stringData|value|password|token)(?:$|[.[])/i;

function problemOf({ message }: Cause, { kind }: ManifestObject, path: Path): string {
  if (kind !== 'Secret' && !secretive.test(formatPath(path))) return message;
  return message.replace(/^(Invalid value|Unsupported value|Duplicate value): .*?(?=: |$)/s, '$1');
}

const startingPath = /^([a-zA-Z][\w.[\]/-]*): /;

function placeOfWarning(text: string, { kind, value }: ManifestObject): Path {
  const field = startingPath.exec(text)?.[1];
  if (field !== undefined) {
    const { path, found } = placeOf(manifestField(field, kind, value), value);
    if (found || path.length > 1) return path;
  }
  return / is deprecated in v\d/.test(text) ? ['apiVersion'] : ['metadata', 'name'];
}
