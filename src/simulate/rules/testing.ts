import type { Check, Example } from '../../core/check.ts';
import { runChecks } from '../../core/engine.ts';
import type { ObjectId, Simulation, WorkloadSeen } from '../observation.ts';

export const shop: ObjectId = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  namespace: 'shop',
  name: 'shop',
  file: 'deployment.yaml',
  line: 1,
};

const readyShop: WorkloadSeen = {
  object: shop,
  state: 'ready',
  message: '3 of 3 pods available',
  cause: null,
  readyAfterMs: 4200,
};

/** A simulation in which all went well, but for what a test gives. */
export function simulationOf(parts: Partial<Simulation> = {}): Simulation {
  return { ...healthy, ...parts };
}

const healthy: Simulation = {
  kind: 'simulation',
  name: 'simulation of shop',
  digest: `sha256:${'0'.repeat(64)}`,
  source: 'staging/shop',
  mode: 'full',
  startedAt: '2026-11-21T15:00:00.000Z',
  cluster: {
    context: 'staging',
    server: 'https://cluster.example:6443',
    user: 'ada',
    version: 'v1.34.4',
  },
  targetNamespace: { name: 'shop', exists: true },
  sandbox: {
    name: 'deploycheck-0123abcd',
    uid: '5f0c9d6e-0000-4000-8000-000000000001',
    run: '0123456789abcdef0123456789abcdef',
    expiresAt: '2026-11-21T17:00:00.000Z',
    fieldManager: 'deploycheck-0123abcd',
    podSecurity: {},
    limits: [],
    egress: { allowed: [], enforced: 'yes', why: 'a canary that got out before was kept in by it' },
  },
  steps: [],
  rewrites: [],
  notSimulated: [],
  refusals: [],
  warnings: [],
  diff: [],
  secrets: { given: [], missing: [] },
  ended: 'ready',
  workloads: [readyShop],
  probes: [],
  behaviour: [],
  undeclaredPaths: [],
  containers: [],
  usage: { soakSeconds: 30, unavailable: null, containers: [], restarts: [] },
  isolation: {
    writes: [],
    changes: [],
    compared: 120,
    notCompared: [],
    permissions: [],
    permissionsAsked: true,
  },
  removal: { state: 'removed', durationMs: 3000, blockers: [], volumesKept: [] },
};

/** The observation that an example of the language `observation` stands for. */
export function targetOfExample(example: Example): Simulation {
  return simulationOf(JSON.parse(example.text));
}

export interface Judged {
  /** `messageId: message` of each finding. */
  readonly said: readonly string[];
  readonly severities: readonly string[];
  readonly notExamined: readonly string[];
  readonly outcome: string | undefined;
}

/** Runs one rule through the engine. */
export async function judge(check: Check<Simulation>, target: Simulation): Promise<Judged> {
  const run = await runChecks({
    checks: [check],
    targets: [target],
    signal: new AbortController().signal,
    clock: { now: () => new Date(0), monotonic: () => 0 },
    evidence: { add: () => Promise.reject(new Error('rules of a simulation leave no evidence')) },
  });
  return {
    said: run.findings.map(({ messageId, message }) => `${messageId}: ${message}`),
    severities: run.findings.map(({ severity }) => severity),
    notExamined: run.notExamined.map(({ what, why }) => `${what}: ${why}`),
    outcome: run.outcomes[0]?.outcome,
  };
}
