import { parseSums } from '../core/digest.ts';
import type { InputRecord } from '../core/record.ts';
import type { TargetKind } from '../core/target.ts';
import { isListed } from './targets/listing.ts';
import { boundKinds, type ReleaseTargets } from './targets/release.ts';

export interface InputChange {
  readonly source: string;
  /** One line: what is different now. */
  readonly what: string;
}

/**
 * Compares the inputs a record was made of with what is there now.
 * @param listingOf text of a listing that the run keeps as evidence
 */
export async function changedInputs(
  recorded: readonly InputRecord[],
  targets: ReleaseTargets,
  listingOf: (name: string) => Promise<string>,
): Promise<InputChange[]> {
  const now = await targets.inputs();
  const faults = (await targets.unloaded()).map(({ target, fault }) => {
    return { source: target, what: fault.message };
  });
  const changes: InputChange[] = [...faults];
  for (const input of recorded) {
    if (faults.some((fault) => fault.source === input.source)) continue;
    const current = now.find(({ kind, source }) => kind === input.kind && source === input.source);
    if (!current)
      changes.push({ source: input.source, what: `${input.kind} is not there any more` });
    else if (current.digest !== input.digest) {
      const before = input.listing === null ? undefined : await listingOf(input.listing);
      const target = (await targets.load(targetKind(input.kind))).find(
        (loaded) => loaded.source === input.source,
      )?.target;
      const after = target && isListed(target) ? target.listing : undefined;
      if (before !== undefined && after !== undefined)
        changes.push(...listingChanges(before, after));
      else {
        changes.push({
          source: input.source,
          what: `${input.kind} was ${input.digest}, is ${current.digest}`,
        });
      }
    }
  }
  for (const input of now) {
    const known = recorded.some(
      ({ kind, source }) => kind === input.kind && source === input.source,
    );
    if (!known) changes.push({ source: input.source, what: `${input.kind} is new` });
  }
  return changes;
}

function targetKind(kind: string): TargetKind {
  return boundKinds.find((bound) => bound === kind) ?? 'release';
}

function listingChanges(before: string, after: string): InputChange[] {
  const [was, is] = [entriesOf(before), entriesOf(after)];
  const changed = [...was].flatMap(([path, hex]) => {
    const now = is.get(path);
    if (now === hex) return [];
    return [{ source: path, what: now === undefined ? 'was removed' : 'was changed' }];
  });
  const added = [...is.keys()]
    .filter((path) => !was.has(path))
    .map((path) => ({ source: path, what: 'was added' }));
  return [...changed, ...added];
}

/** What was rendered stands in comments, for there is no file that `sha256sum --check` could read. */
const entriesOf = (listing: string): ReadonlyMap<string, string> =>
  new Map(
    (parseSums(listing.replaceAll(/^# /gm, '')) ?? []).map((entry) => [entry.path, entry.sha256]),
  );
