import type { Check } from '../../core/check.ts';
import { runChecks } from '../../core/engine.ts';
import type { Target } from '../../core/target.ts';
import type { ImageRun, RunSetting, RunTrial } from './image-run.ts';
import type { ProcessSeen, StartedContainer } from './observation.ts';

/** A container about which there is nothing to say, but for what a test gives. */
export function startedContainer(parts: Partial<StartedContainer> = {}): StartedContainer {
  return {
    kind: 'container',
    name: 'Deployment/shop, container shop',
    digest: `sha256:${'0'.repeat(64)}`,
    source: 'staging/shop',
    label: 'Deployment/shop, container shop',
    owner: {
      ...{ apiVersion: 'apps/v1', kind: 'Deployment', namespace: 'shop', name: 'shop' },
      ...{ file: 'deployment.yaml', line: 1 },
    },
    process: { seen: { uid: 10001, capabilities: [], noNewPrivileges: true, readOnlyRoot: true } },
    trials: [],
    limits: {
      seen: {
        memory: { declared: 134_217_728, inForce: 134_217_728 },
        cpu: { declared: null, inForce: null },
      },
    },
    token: { seen: { path: null, account: 'default', granted: false } },
    stop: { seen: { graceSeconds: 30, seconds: 0.3, exitCode: 0, killed: false } },
    environment: { seen: { declared: 3, missing: [], different: [] } },
    ...parts,
  };
}

/** A run of an image about which there is nothing to say, but for what a test gives. */
export function imageRun(parts: Partial<ImageRun> = {}): ImageRun {
  const trial = (setting: RunSetting): RunTrial => {
    return { setting, tried: setting, works: true, why: '', asked: true };
  };
  return {
    kind: 'imageRun',
    name: 'shop:1',
    digest: `sha256:${'0'.repeat(64)}`,
    source: 'unix:///var/run/docker.sock',
    label: 'shop:1',
    diffIds: [],
    start: { works: true, by: 'settled', seconds: 0.4, why: '', failure: null },
    health: { seen: { healthy: true, seconds: 1.2, said: '' } },
    trials: (['other-user', 'no-network', 'second-start', 'memory-limit'] as const).map(trial),
    writes: { seen: [] },
    proposal: { why: 'this is an example' },
    ...parts,
  };
}

export interface Judged {
  /** `messageId: message` of each finding. */
  readonly said: readonly string[];
  readonly notExamined: readonly string[];
  /** Names of the files that findings rest on. */
  readonly evidence: readonly string[];
  readonly outcome: string | undefined;
}

/** Runs one rule about a container through the engine. */
export const judge = (check: Check<StartedContainer>, parts: Partial<StartedContainer>) =>
  judgeTarget(check, startedContainer(parts));

/** Runs one rule about a run of an image through the engine. */
export const judgeRun = (check: Check<ImageRun>, parts: Partial<ImageRun>) =>
  judgeTarget(check, imageRun(parts));

async function judgeTarget(check: Check, target: Target): Promise<Judged> {
  const run = await runChecks({
    checks: [check],
    targets: [target],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('rules of a container leave no evidence')) },
  });
  return {
    said: run.findings.map(({ messageId, message }) => `${messageId}: ${message}`),
    notExamined: run.notExamined.map(({ what, why }) => `${what}: ${why}`),
    evidence: run.findings.flatMap(({ evidence }) => evidence.map(({ name }) => name)),
    outcome: run.outcomes[0]?.outcome,
  };
}

/** A process with nothing to say about, but for what a test gives. */
export function processSeen(parts: Partial<ProcessSeen>): {
  readonly process: { seen: ProcessSeen };
} {
  const usual = { uid: 10001, capabilities: [], noNewPrivileges: true, readOnlyRoot: true };
  return { process: { seen: { ...usual, ...parts } } };
}
