import { describe, expect, it } from 'vitest';
import { chooseTarget } from './choose.ts';
import { revisionsOf } from './history.ts';
import {
  controllerRevision,
  deployment,
  objectsOf,
  owner,
  pod,
  podTemplate,
  replicaSet,
} from './testing.ts';

const first = { revision: 1, version: 1, created: '2026-01-01T00:00:00Z' };
const second = { revision: 2, version: 2, created: '2026-01-02T00:00:00Z' };
const third = { revision: 3, version: 3, created: '2026-01-03T00:00:00Z' };

const deployed = (
  plan: Parameters<typeof deployment>[0],
  ...sets: Parameters<typeof replicaSet>[0][]
) => objectsOf(deployment(plan), sets.map(replicaSet));
const health = (objects: ReturnType<typeof objectsOf>, proofs = {}) =>
  revisionsOf(objects, Object.values(proofs)).map((revision) => [revision.number, revision.health]);

describe('revisions of a Deployment', () => {
  it('come in the order of their numbers, with template, images and cause', () => {
    const revisions = revisionsOf(
      deployed({ version: 3 }, third, { ...first, cause: 'release 1' }, second),
    );
    expect(revisions.map(({ number, current }) => [number, current])).toEqual([
      [1, false],
      [2, false],
      [3, true],
    ]);
    expect(revisions[0]).toMatchObject({
      images: ['registry.example/web:1'],
      changeCause: 'release 1',
    });
    expect(new Set(revisions.map(({ template }) => template)).size).toBe(3);
  });

  it('knows the current one by its template, whatever the number says', () => {
    const revisions = revisionsOf(
      deployed({ version: 1 }, second, { ...first, revision: 3, history: '1' }),
    );
    expect(revisions).toMatchObject([
      { number: 2, current: false },
      { number: 3, current: true, earlier: [1] },
    ]);
  });

  it('gives templates as they belong into the Deployment', () => {
    const [revision] = revisionsOf(deployed({ version: 2 }, first));
    expect(revision?.podTemplate).toEqual(podTemplate(1));
  });

  it('proves health by the end of the rollout, and by pods that are there', () => {
    const objects = deployed(
      { version: 3, progress: 'ReplicaSetUpdated' },
      first,
      { ...second, available: 2 },
      third,
    );
    expect(health(objects)).toEqual([
      [1, 'unknown'],
      [2, 'healthy'],
      [3, 'unknown'],
    ]);
    expect(health(deployed({ version: 3 }, third))).toEqual([[3, 'healthy']]);
    expect(health(deployed({ version: 3, progress: 'ProgressDeadlineExceeded' }, third))).toEqual([
      [3, 'unhealthy'],
    ]);
  });

  describe('when it has been available since before the second revision', () => {
    const since = '2026-01-01T12:00:00Z';
    const now = { version: 3, availableSince: since };
    it('proves the first one healthy, and only that', () => {
      expect(health(deployed(now, first, second, third))).toEqual([
        [1, 'healthy'],
        [2, 'unknown'],
        [3, 'healthy'],
      ]);
    });

    it.each([
      ['later', { ...now, availableSince: '2026-01-02T00:00:00Z' }, first],
      ['with older ones forgotten', now, { ...first, revision: 5 }],
      ['with nobody required', { ...now, spec: { replicas: 0 } }, first],
    ])('proves nothing %s', (_, plan, oldest) => {
      expect(health(deployed(plan, oldest, second, third))).toContainEqual([
        oldest.revision,
        'unknown',
      ]);
    });
  });

  it('believes an earlier run, for the same template of the same workload', () => {
    const objects = deployed({ version: 2 }, first, second);
    const template = revisionsOf(objects)[0]?.template ?? '';
    const proof = { workload: owner, template, seenAt: '2026-01-01T01:00:00Z' };
    expect(health(objects, { proof })[0]).toEqual([1, 'healthy']);
    expect(health(objects, { proof: { ...proof, workload: 'other' } })[0]).toEqual([1, 'unknown']);
  });
});

describe('revisions of a StatefulSet and a DaemonSet', () => {
  const workload = (kind: string) => ({ ...deployment({ version: 2 }), kind, status: {} });
  it.each([
    ['StatefulSet', 'web-hash1'],
    ['DaemonSet', 'hash1'],
  ])('of a %s are healthy while a ready pod has their label', (kind, label) => {
    const histories = [controllerRevision(kind, 2, 2), controllerRevision(kind, 1, 1)];
    const objects = objectsOf(workload(kind), histories, [pod({ revision: label })]);
    expect(health(objects)).toEqual([
      [1, 'healthy'],
      [2, 'unknown'],
    ]);
    const gone = [pod({ revision: label, deleting: true })];
    expect(health(objectsOf(workload(kind), histories, gone))[0]).toEqual([1, 'unknown']);
    expect(revisionsOf(objects)[0]?.podTemplate).toEqual(podTemplate(1));
    expect(revisionsOf(objects)[1]?.current).toBe(true);
  });
});

describe('the target', () => {
  const revisions = (...judged: ('healthy' | 'unhealthy' | 'unknown')[]) => {
    const sets = judged.map((_, at) => ({ ...first, revision: at + 1, version: at + 1 }));
    const read = revisionsOf(deployed({ version: judged.length }, ...sets));
    return read.map((entry, at) => ({ ...entry, health: judged[at] ?? 'unknown' }));
  };
  it.each([
    [['healthy', 'healthy', 'healthy'], 2],
    [['healthy', 'unknown', 'unhealthy'], 1],
    [['unknown', 'unknown', 'healthy'], 2],
    [['unknown', 'unhealthy', 'healthy'], 1],
    [['unhealthy', 'healthy'], undefined],
    [['healthy'], undefined],
  ] as const)('of %j is %s', (judged, number) => {
    expect(chooseTarget(revisions(...judged)).target?.number).toBe(number);
  });

  it('says what it passed over', () => {
    const { choice } = chooseTarget(revisions('healthy', 'unknown', 'unknown', 'healthy'));
    expect(choice).toContain('passed over 3, 2');
  });

  it('is the one asked for, when there is one', () => {
    const known = revisions('unhealthy', 'healthy', 'healthy');
    expect(chooseTarget(known, 1).target?.number).toBe(1);
    expect(() => chooseTarget(known, 7)).toThrow('the history has 1, 2, 3');
    expect(() => chooseTarget(known, 3)).toThrow('running now');
  });
});
