import type { FindingRecord } from './record-parts.ts';

/** By UTF-16 code unit: the same on every machine, whatever its locale. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function compareKeys(a: readonly (string | number)[], b: readonly (string | number)[]): number {
  for (const [index, left] of a.entries()) {
    const right = b[index] ?? '';
    const order =
      typeof left === 'number' && typeof right === 'number'
        ? left - right
        : compareText(String(left), String(right));
    if (order !== 0) return order;
  }
  return 0;
}

function findingKey(finding: FindingRecord): (string | number)[] {
  const { location, object } = finding;
  return [
    rank(location),
    location.file ?? '',
    location.layer ?? '',
    location.line ?? 0,
    location.column ?? 0,
    location.path ?? '',
    object ? `${object.kind}/${object.namespace ?? ''}/${object.name}` : '',
    finding.check,
    finding.messageId,
    finding.fingerprint,
  ];
}

/** Files first, then layers of images, then what has no place in a file. */
function rank({ file, layer }: FindingRecord['location']): number {
  return file !== undefined ? 0 : layer !== undefined ? 1 : 2;
}

/** A copy in the order of the places: file, layer, line, column, path, object; then by check. */
export function byLocation(findings: readonly FindingRecord[]): FindingRecord[] {
  return findings
    .map((finding) => ({ finding, key: findingKey(finding) }))
    .sort((a, b) => compareKeys(a.key, b.key))
    .map(({ finding }) => finding);
}
