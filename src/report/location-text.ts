import type { ObjectRef, Origin } from '../core/finding.ts';
import type { FindingRecord } from './record-parts.ts';
import { visible } from './visible.ts';

/** `k8s/api.yaml:14:9`, the form editors and terminals turn into a link; undefined without a file. */
export function fileText({ location }: Pick<FindingRecord, 'location'>): string | undefined {
  if (location.file === undefined) return undefined;
  const parts = [visible(location.file)];
  if (location.line !== undefined) parts.push(String(location.line));
  if (location.line !== undefined && location.column !== undefined) {
    parts.push(String(location.column));
  }
  return parts.join(':');
}

/** `Deployment shop/api`; the namespace is left out where there is none. */
export function objectText({ kind, namespace, name }: ObjectRef): string {
  return visible(`${kind} ${namespace === null ? '' : `${namespace}/`}${name}`);
}

/** Where a finding stands, by the most exact thing known: file, path in a layer, object, path. */
export function placeText(finding: FindingRecord): string {
  const { location, object } = finding;
  const file = fileText(finding);
  if (file !== undefined) return file;
  if (location.layer !== undefined) return visible(location.path ?? location.layer);
  if (object !== null) return objectText(object);
  return visible(location.path ?? 'the release');
}

/** What else is known of the place, for a second line; empty when {@link placeText} said all. */
export function placeDetails(finding: FindingRecord): string[] {
  const { location, object } = finding;
  const details: string[] = [];
  if (object !== null) details.push(objectText(object));
  if (location.path !== undefined) details.push(visible(location.path));
  if (location.layer !== undefined) details.push(`layer ${visible(location.layer)}`);
  if (location.origin) details.push(visible(originText(location.origin)));
  const place = placeText(finding);
  return details.filter((detail) => detail !== place);
}

const evidences = { layers: 'by its layers', history: 'guessed from the history' } as const;

/** `from layer 3: RUN apt-get update, base debian:13 (by its layers)`; nothing of an owner that nothing tells of. */
function originText({ layer, step, owner, by, base }: Origin): string {
  const made = [
    ...(layer === undefined ? [] : [`layer ${layer}`]),
    ...(step === undefined ? [] : [step]),
  ].join(': ');
  if (owner === 'unknown' || by === 'nothing') return `from ${made}`;
  const whose = owner === 'base' && base !== undefined ? `base ${base}` : owner;
  return `from ${made}, ${whose} (${evidences[by]})`;
}

/** The file, layer or object that findings are gathered under. */
export function groupText({ location, object }: FindingRecord): string {
  if (location.file !== undefined) return visible(location.file);
  if (location.layer !== undefined) return `layer ${visible(location.layer)}`;
  return object === null ? 'the release' : objectText(object);
}
