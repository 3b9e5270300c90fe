import type { CheckRun } from '../core/engine.ts';
import { type FaultRecord, faultRecord } from '../core/fault.ts';
import type { Finding } from '../core/finding.ts';
import type { ItemId, PendingOn } from '../core/item.ts';
import type { Target, TargetKind } from '../core/target.ts';
import type { ItemContext, ItemResult } from './item.ts';

/**
 * Runs an item's rules on the release's targets of the kinds given and sums the outcomes up.
 * @param optional kinds that a release may be without
 */
export async function sumUp(
  context: ItemContext,
  item: ItemId,
  kinds: readonly TargetKind[],
  optional: readonly TargetKind[] = [],
): Promise<ItemResult> {
  const loaded = (await Promise.all(kinds.map((kind) => context.targets.load(kind)))).flat();
  const missing = kinds.filter(
    (kind) => !optional.includes(kind) && !loaded.some((entry) => entry.kind === kind),
  );
  const faults = loaded.flatMap((entry) => (entry.fault === undefined ? [] : [entry.fault]));
  const targets = loaded.flatMap((entry) => (entry.target ? [entry.target] : []));
  const run = await context.check(item, targets);
  const evidence = loaded.flatMap((entry) => (entry.evidence ? [entry.evidence] : []));
  return { ...verdictOf(context, run, faults, missing, targets), evidence };
}

type Verdict = Omit<ItemResult, 'evidence'>;

function verdictOf(
  context: ItemContext,
  run: CheckRun,
  faults: readonly unknown[],
  missing: readonly TargetKind[],
  targets: readonly Target[],
): Verdict {
  const blocking = run.findings.filter(
    (finding) =>
      finding.severity === 'error' && !finding.waivedBy && context.isCritical(finding.check),
  );
  if (blocking.length > 0)
    return { status: 'fail', pendingOn: null, reason: blockingLine(blocking) };

  const broken = [
    ...faults.map(faultRecord),
    ...run.outcomes.flatMap((outcome) => (outcome.fault ? [outcome.fault] : [])),
  ];
  const [first] = broken;
  if (first) return faultVerdict(first, broken.length);

  if (targets.length === 0 || missing.length > 0) {
    const [absence] = missing.flatMap((kind) => context.targets.absence(kind) ?? []);
    const what = missing.map((kind) => nameOfKind[kind] ?? kind).join(' and ');
    return {
      status: 'pending',
      pendingOn: 'evidence',
      reason: absence ?? `no ${what} configured; name them under services in deploycheck.yaml`,
    };
  }
  const [hole] = run.notExamined;
  if (hole) {
    const more = run.notExamined.length - 1;
    return {
      status: 'pending',
      pendingOn: 'environment',
      reason: `${hole.what}: ${hole.why}${more > 0 ? `, and ${more} more not examined` : ''}`,
    };
  }
  return { status: 'pass', pendingOn: null, reason: passLine(run, targets) };
}

const nameOfKind: Readonly<Partial<Record<TargetKind, string>>> = {
  image: 'images',
  imageEvidence: 'evidence about images',
  manifestSet: 'manifests',
  fileSet: 'source files',
  migrationSet: 'migrations',
};

/** What cannot be read here is a gap, not a breakdown. */
const gaps: ReadonlyMap<string, PendingOn> = new Map([
  ['image-source-unsupported', 'environment'],
  ['manifests-not-rendered', 'evidence'],
  ['tool-missing', 'environment'],
  // This machine knows no way to the system; one that is known and does not answer is an error.
  ['kubeconfig-invalid', 'environment'],
  ['setting-missing', 'environment'],
]);

function faultVerdict(fault: FaultRecord, count: number): Verdict {
  const more = count > 1 ? ` (and ${count - 1} more)` : '';
  const on = gaps.get(fault.code);
  const reason = `${fault.message}${more}`;
  return on
    ? { status: 'pending', pendingOn: on, reason: `${reason}; ${fault.hint}` }
    : { status: 'error', pendingOn: null, reason };
}

function blockingLine(findings: readonly Finding[]): string {
  const [first] = findings;
  const { file, line, column, path } = first?.location ?? {};
  const where = line === undefined ? `${file ?? ''} ${path ?? ''}` : `${file}:${line}:${column}`;
  const more = findings.length > 1 ? `, and ${findings.length - 1} more` : '';
  return `${where.trim()}: ${first?.message}${more}`;
}

function passLine(run: CheckRun, targets: readonly Target[]): string {
  const names = [...new Set(targets.map((target) => target.name))].join(', ');
  const count = (kind: string) => run.findings.filter((entry) => entry.severity === kind).length;
  const waived = run.findings.filter((finding) => finding.waivedBy).length;
  const suppressed = run.suppressed?.length ?? 0;
  const open = run.findings.filter((entry) => entry.severity === 'error' && !entry.waivedBy).length;
  const parts = [
    `${run.outcomes.length} checks on ${names}`,
    ...(open > 0 ? [`${open} errors that do not block`] : []),
    ...(count('warning') > 0 ? [`${count('warning')} warnings`] : []),
    ...(waived > 0 ? [`${waived} waived`] : []),
    ...(suppressed > 0 ? [`${suppressed} suppressed`] : []),
  ];
  return parts.join(', ');
}
