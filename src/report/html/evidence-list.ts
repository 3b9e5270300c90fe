import type { RunRecord } from '../../core/record.ts';
import { compareText } from '../order.ts';
import type { EvidenceRecord } from '../record-parts.ts';

/** Every evidence file that an item or a finding stands on, each once, by name. */
export function evidenceFiles({ items, findings }: RunRecord): EvidenceRecord[] {
  const entries = [...items, ...findings].flatMap(({ evidence }) => evidence);
  const byName = new Map(entries.map((entry) => [`${entry.name}\0${entry.sha256}`, entry]));
  return [...byName.values()].sort(
    (a, b) => compareText(a.name, b.name) || compareText(a.sha256, b.sha256),
  );
}
