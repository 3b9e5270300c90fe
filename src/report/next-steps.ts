import type { RunRecord } from '../core/record.ts';
import { countText } from './quantity-text.ts';
import { visible } from './visible.ts';

/**
 * What a person does next, in order. Empty when nothing is left to do. `RUN` stands for the run's id
 * or `last`: a record does not know the folder it is kept in.
 */
export function nextSteps(record: RunRecord): string[] {
  return [
    ...faultSteps(record),
    ...findingSteps(record),
    ...itemSteps(record),
    ...waiverSteps(record),
    ...signoffSteps(record),
    ...rerunStep(record),
  ];
}

function faultSteps({ outcomes }: RunRecord): string[] {
  const faults = outcomes.filter((outcome) => outcome.fault !== null).length;
  return faults === 0
    ? []
    : [`${countText(faults, 'check')} could not look: follow the hint given there.`];
}

function findingSteps({ findings, verdict }: RunRecord): string[] {
  const open = findings.filter(
    (finding) => finding.waivedBy === null && finding.severity === 'error',
  ).length;
  if (open > 0) return [`Mend ${countText(open, 'error')}; each check says how.`];
  // `--fail-on warning` makes a no-go without errors.
  return verdict === 'no-go' && findings.some((finding) => finding.waivedBy === null)
    ? ['Mend the findings; each check says how.']
    : [];
}

const waitsFor = {
  person: 'needs a person',
  evidence: 'needs evidence that is not there yet',
  environment: 'needs an environment that is not configured',
} as const;

function itemSteps({ items }: RunRecord): string[] {
  return items.flatMap((item) =>
    item.status === 'pending' && item.pendingOn !== null
      ? [`Item ${item.n} ${visible(item.id)} ${waitsFor[item.pendingOn]}: ${visible(item.reason)}`]
      : [],
  );
}

function waiverSteps({ waivers }: RunRecord): string[] {
  return waivers.flatMap((waiver) => {
    if (waiver.state === 'used') return [];
    const what = waiver.state === 'unused' ? 'Remove' : 'Renew or remove';
    return [`${what} waiver ${visible(waiver.id)}, which is ${waiver.state}.`];
  });
}

function signoffSteps({ gates, verdict }: RunRecord): string[] {
  if (gates.evidence === 'no-go') return [];
  if (gates.signoff === 'rejected') return ['Read why a signer rejected this run.'];
  if (gates.signoff === 'held') return ['Read why a signer holds this run, and settle it.'];
  if (gates.signoff === 'waiting') return ['Sign: `deploycheck sign RUN`.'];
  if (['stale', 'expired', 'invalid'].includes(gates.signoff)) {
    return ['Have the sign-off given again, over this run: `deploycheck sign RUN`.'];
  }
  return verdict === 'go' && gates.signoff === 'approved'
    ? ['Let the deploy job verify it: `deploycheck verify RUN`.']
    : [];
}

function rerunStep({ verdict, gates, command }: RunRecord): string[] {
  const onlySignature = gates.evidence === 'go' && verdict !== 'fault';
  return verdict === 'go' || onlySignature
    ? []
    : [`Then run \`deploycheck ${visible(command)}\` again.`];
}
