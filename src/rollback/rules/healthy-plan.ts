import type { MigrationPlan } from '../migrations/observation.ts';
import type {
  Execution,
  ImageState,
  ReferenceState,
  Revision,
  RollbackPlan,
  WorkloadPlan,
} from '../observation.ts';

/** Observations of a way back on which nothing is wrong; examples and tests say what differs. */
const revision: Revision = {
  number: 2,
  name: 'web-6d4cf56db6',
  uid: '6a3f8c52-0001',
  template: `sha256:${'2'.repeat(64)}`,
  images: ['registry.example/web:2.0.0'],
  created: '2026-01-02T00:00:00Z',
  earlier: [],
  changeCause: null,
  health: 'healthy',
  healthBy: 'its rollout ended at 2026-01-02T00:01:00Z',
  current: true,
};

const target: Revision = {
  ...revision,
  number: 1,
  name: 'web-5c8d7f9b4',
  uid: '6a3f8c52-0002',
  template: `sha256:${'1'.repeat(64)}`,
  images: ['registry.example/web:1.0.0'],
  created: '2026-01-01T00:00:00Z',
  current: false,
};

const image: ImageState = {
  image: 'registry.example/web:1.0.0',
  pullPolicy: 'IfNotPresent',
  state: 'available',
  digest: `sha256:${'a'.repeat(64)}`,
  moved: null,
  lacking: [],
  size: 48_000_000,
  cachedOn: 2,
  nodes: 2,
  why: '',
};

const reference: ReferenceState = {
  kind: 'ConfigMap',
  name: 'web-config',
  keys: ['PORT'],
  state: 'present',
  missingKeys: [],
  uid: '6a3f8c52-0003',
  resourceVersion: '100',
  changedAt: '2025-12-31T00:00:00Z',
  changedSince: false,
  why: '',
};

const workload: WorkloadPlan = {
  kind: 'Deployment',
  name: 'web',
  apiVersion: 'apps/v1',
  namespace: 'shop',
  uid: '6a3f8c52-0004',
  spec: `sha256:${'5'.repeat(64)}`,
  replicas: 3,
  held: null,
  unfinished: null,
  autoscaler: null,
  owner: null,
  revisions: [target, revision],
  target,
  choice: 'newest proven healthy',
  images: [image],
  references: [reference],
  dryRuns: [
    { request: 'patch', outcome: 'accepted', message: '', warnings: [], seconds: 0.02 },
    { request: 'pod', outcome: 'accepted', message: '', warnings: [], seconds: 0.02 },
  ],
  surges: true,
  stuckPods: [],
  deletesStuckPods: false,
  selectors: null,
};

const migrations: MigrationPlan = {
  service: 'web',
  folder: 'migrations',
  layout: 'pairs of up and down files',
  state: 'known',
  why: '',
  boundary: 'not in v1/migrations',
  table: 'public.schema_migrations',
  tool: null,
  dirty: false,
  steps: [
    {
      version: '0002',
      name: 'order_index',
      down: 'present',
      file: 'migrations/0002_order_index.down.sql',
      up: 'migrations/0002_order_index.up.sql',
      losses: [],
      takes: [],
      catalogOnly: true,
      expandOnly: true,
      appliedAt: '2026-01-01T23:59:00Z',
    },
  ],
};

export const healthyExecution: Execution = {
  kind: 'Deployment',
  name: 'web',
  startedAt: '2026-01-03T00:00:00.000Z',
  outcome: 'healthy',
  seconds: 42,
  message: '',
  readyPods: 3,
  wantedPods: 3,
  restarts: 0,
  digests: { web: [`sha256:${'a'.repeat(64)}`] },
  endpoints: 3,
  probes: [{ path: 'web-5c8d7f9b4-x/healthz', state: 'ok', message: '' }],
  deletedPods: [],
  undo: 'kubectl --context production -n shop rollout undo deployment/web --to-revision=2',
};

export const healthyPlan: RollbackPlan = {
  kind: 'rollbackPlan',
  leaving: 'running',
  name: 'deployment/web',
  digest: `sha256:${'d'.repeat(64)}`,
  source: 'production/shop',
  cluster: {
    context: 'production',
    server: 'https://cluster.example:6443',
    user: 'oncall',
    namespace: 'shop',
    version: 'v1.34.4',
  },
  takenAt: '2026-01-03T00:00:00.000Z',
  workloads: [workload],
  migrations: [migrations],
  keepSchema: false,
  estimate: {
    terms: [
      { name: 'rollout', value: 60, low: 50, high: 90, source: 'history', how: 'the last one' },
    ],
    value: 60,
    low: 50,
    high: 90,
    source: 'history',
  },
  limitSeconds: 1800,
  decision: `sha256:${'e'.repeat(64)}`,
  executions: null,
};
