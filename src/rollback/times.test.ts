import { describe, expect, it } from 'vitest';
import { revisionsOf } from './history.ts';
import type { DryRun, ImageState } from './observation.ts';
import { goSeconds, nodesWith } from './pulls.ts';
import { healthyPlan } from './rules/healthy-plan.ts';
import { deployment, objectsOf, pod, replicaSet } from './testing.ts';
import { probeSeconds, readySeconds, timesOf } from './times.ts';

const image: ImageState = healthyPlan.workloads[0]?.images[0] ?? expect.fail();
const accepted: DryRun = {
  request: 'patch',
  outcome: 'accepted',
  message: '',
  warnings: [],
  seconds: 0.1,
};
const pull = (host: string, name: string, message = 'Successfully pulled') => ({
  apiVersion: 'v1',
  kind: 'Event',
  metadata: { name: 'e' },
  message: `${message} image "${name}" in 2s (2s including waiting). Image size: 50000000 bytes.`,
  source: { host },
});

function times(changes: {
  pods?: ReturnType<typeof pod>[];
  images?: ImageState[];
  pulls?: ReturnType<typeof pull>[];
  progressAt?: string;
  history?: string;
}) {
  const sets = [
    replicaSet({ revision: 1, version: 1, created: '2026-01-01T00:00:00Z' }),
    replicaSet({
      revision: 2,
      version: 2,
      created: '2026-01-03T00:00:00Z',
      ...(changes.history && { history: changes.history }),
    }),
  ];
  const workload = deployment({
    version: 2,
    ...(changes.progressAt && { progressAt: changes.progressAt }),
  });
  const objects = objectsOf(workload, sets, changes.pods ?? []);
  const revisions = revisionsOf(objects);
  const target = revisions[0] ?? expect.fail();
  const { images = [image], pulls = [] } = changes;
  return timesOf({ objects, revisions, target, images, patch: accepted, pulls });
}

const sources = (terms: readonly { name: string; source: string }[]) =>
  terms.map(({ name, source }) => `${name} ${source}`);

describe('the times of a workload', () => {
  it('come from its pods when there are two', () => {
    const late = pod({ name: 'b', readyAt: '2026-01-03T00:00:07Z' });
    expect(sources(times({ pods: [pod(), late] }).pod)).toEqual(['pod ready history']);
    expect(sources(times({ pods: [pod()] }).pod)).toEqual(['pod ready assumed']);
    expect(sources(times({}).pod)).toEqual(['schedule assumed', 'start assumed', 'probe spec']);
  });

  it('leave out pods that restarted or are not ready', () => {
    const pods = [pod({ restarts: 1 }), pod({ ready: false }), pod({ deleting: true }), pod()];
    expect(readySeconds(pods)).toEqual([5]);
  });

  it('hold a pull where a node lacks the image, at a rate that was seen or else assumed', () => {
    const images = [{ ...image, cachedOn: 1 }];
    expect(sources(times({ images }).pod)[0]).toBe('pull assumed');
    const pulls = [pull('a', 'x'), pull('b', 'y')];
    expect(times({ images, pulls }).pod[0]).toMatchObject({
      source: 'history',
      value: expect.closeTo(48 / 25),
    });
  });

  it('know the last rollout, unless its ReplicaSet was used before', () => {
    const progressAt = '2026-01-03T00:01:30Z';
    expect(times({ progressAt }).lastRollout).toMatchObject({ value: 90, source: 'history' });
    expect(times({ progressAt, history: '1' }).lastRollout).toBeNull();
  });
});

it('the slowest probe counts, half a period in the mean', () => {
  const containers = [
    { readinessProbe: { periodSeconds: 4, successThreshold: 3 } },
    { readinessProbe: { initialDelaySeconds: 10 }, startupProbe: { initialDelaySeconds: 2 } },
    {},
  ];
  expect(probeSeconds({ spec: { containers } })).toEqual({ low: 10, value: 15, high: 20 });
});

it('events tell which nodes have an image', () => {
  const present = pull('b', 'r/web:1', 'Container');
  expect(nodesWith([pull('a', 'r/web:1'), present, pull('c', 'r/web:12')], 'r/web:1')).toEqual(
    new Set(['a', 'b']),
  );
});

it.each([
  ['214ms', 0.214],
  ['1m2.5s', 62.5],
  ['1h', 3600],
  ['', 0],
])('reads the duration %s', (text, seconds) => expect(goSeconds(text)).toBeCloseTo(seconds));
