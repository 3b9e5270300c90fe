import type { RunRecord } from '../core/record.ts';
import { countText } from './quantity-text.ts';
import { visible } from './visible.ts';

/** A command to type, which every format sets apart in its own way. */
export interface Command {
  readonly code: string;
}

/** One sentence in parts. */
export type Step = readonly (string | Command)[];

/**
 * What a person does next, in order. Empty when nothing is left to do. A record does not know the id
 * of its run, so commands say `last`.
 */
export function nextSteps(record: RunRecord): Step[] {
  return [
    ...faultSteps(record),
    ...findingSteps(record),
    ...itemSteps(record),
    ...waiverSteps(record),
    ...signoffSteps(record),
    ...rerunStep(record),
  ];
}

function command(rest: string): Command {
  return { code: `deploycheck ${rest}` };
}

function faultSteps({ outcomes }: RunRecord): Step[] {
  const faults = outcomes.filter((outcome) => outcome.fault !== null).length;
  return faults === 0
    ? []
    : [[`${countText(faults, 'check')} could not look: follow the hint given there.`]];
}

function findingSteps({ findings, verdict }: RunRecord): Step[] {
  const open = findings.filter(({ waivedBy }) => waivedBy === null);
  const errors = open.filter(({ severity }) => severity === 'error').length;
  if (errors > 0) return [[`Mend ${countText(errors, 'error')}; each check says how.`]];
  // `--fail-on warning` makes a no-go without errors.
  return verdict === 'no-go' && open.length > 0
    ? [['Mend the findings; each check says how.']]
    : [];
}

const waitsFor = {
  person: 'needs a person',
  evidence: 'needs evidence that is not there yet',
  environment: 'needs an environment that is not configured',
} as const;

function itemSteps({ items }: RunRecord): Step[] {
  return items.flatMap(({ n, id, status, pendingOn, reason }) =>
    status === 'pending' && pendingOn !== null
      ? [[`Item ${n} ${visible(id)} ${waitsFor[pendingOn]}: ${visible(reason)}`]]
      : [],
  );
}

function waiverSteps({ waivers }: RunRecord): Step[] {
  return waivers.flatMap(({ id, state }) => {
    if (state === 'used') return [];
    const what = state === 'unused' ? 'Remove' : 'Renew or remove';
    return [[`${what} waiver ${visible(id)}, which is ${state}.`]];
  });
}

function signoffSteps({ gates, verdict }: RunRecord): Step[] {
  if (gates.evidence === 'no-go') return [];
  switch (gates.signoff) {
    case 'rejected':
      return [['Read why a signer rejected this run.']];
    case 'held':
      return [['Read why a signer holds this run, and settle it.']];
    case 'waiting':
      // An approval would be refused while evidence is missing.
      return gates.evidence === 'go' ? [['Sign: ', command('sign last')]] : [];
    case 'stale':
    case 'expired':
    case 'invalid':
      return [['Have the sign-off given again, over this run: ', command('sign last')]];
    case 'approved':
      return verdict === 'go' ? [['Let the deploy job verify it: ', command('verify last')]] : [];
    case 'not-required':
      return [];
  }
}

function rerunStep({ verdict, gates, command: name }: RunRecord): Step[] {
  const onlySignature = gates.evidence === 'go' && verdict !== 'fault';
  return verdict === 'go' || onlySignature
    ? []
    : [['Then run ', command(visible(name)), ' again.']];
}
