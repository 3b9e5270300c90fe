import { describe, expect, it } from 'vitest';
import { planSteps, shell } from './commands.ts';
import { changesBetween } from './decision.ts';
import type { RollbackPlan } from './observation.ts';
import { planPage } from './page.ts';
import { rollbackPatch, specDigest } from './patch.ts';
import { givenUp, heldOf, stuckPodsOf, unfinishedOf } from './rollout.ts';
import { planWith } from './rules/testing.ts';
import { secondsText } from './seconds-text.ts';
import { deployment, pod, podTemplate } from './testing.ts';
import { parseWorkloadName } from './workload-name.ts';

const nothing = { findings: [], notExamined: [], faults: [] };
const page = (part: unknown, judged = {}) => planPage(planWith(part), { ...nothing, ...judged });

describe('the page', () => {
  it('begins with the verdict and its first cause', () => {
    expect(page({})).toMatch(/^GO {2}deployment\/web can go back to revision 1 in about 1 min /);
    const finding = { severity: 'error', message: 'the image is gone', check: 'x' };
    const hint = { ...finding, severity: 'info', message: 'by the way' };
    const open = { notExamined: [{ what: 'nodes', why: 'forbidden' }] };
    expect(page({}, { findings: [hint, finding], ...open })).toMatch(/^NO-GO {2}the image is gone/);
    expect(page({}, { findings: [hint], ...open })).toMatch(/^UNPROVEN {2}nodes: forbidden/);
    expect(page({ executions: [{}] })).toMatch(
      /^DONE {2}deployment\/web is back at revision 1 after 42 s/,
    );
  });

  it('shows commands in order, the point of no return and what is lost', () => {
    const losses = [{ statement: 'drop table carts', line: 1 }];
    const text = page({ migrations: [{ steps: [{ losses }, { version: '0001' }] }] });
    const at = (part: string) => text.indexOf(part);
    expect(at('1. revert 0002_order_index')).toBeGreaterThan(0);
    expect(at('2. revert 0001_order_index')).toBeLessThan(at('3. deployment/web to revision 1'));
    expect(text).toContain('Point of no return\n  command 1: ');
    expect(text).toContain('What is lost\n  - drop table carts');
  });

  it('names the owner that has to stand aside first', () => {
    const part = { workloads: [{ owner: { by: 'Argo CD', name: 'shop' } }], keepSchema: true };
    const [first] = planSteps(planWith(part));
    expect(first).toMatchObject({ command: 'argocd app set shop --sync-policy none' });
  });
});

describe('the commands', () => {
  it('let the tool of the table do its own', () => {
    const [step] = planSteps(planWith({ migrations: [{ tool: 'golang-migrate' }] }));
    expect(step?.command).toBe('migrate -path migrations -database "$DATABASE_URL" down 1');
  });

  it('quote for a shell what needs it', () => {
    expect(shell('a/b:c@d')).toBe('a/b:c@d');
    expect(shell("it's; rm")).toBe(`'it'\\''s; rm'`);
  });
});

describe('the decision', () => {
  const differences = (part: unknown) => changesBetween(planWith({}), planWith(part));
  it('is another when something it stands on changes', () => {
    expect(differences({ workloads: [{ spec: 'sha256:other' }] })).toEqual(['deployment/web']);
    expect(differences({ workloads: [{ references: [{ resourceVersion: '101' }] }] })).toEqual([
      'ConfigMap web-config',
    ]);
    expect(differences({ keepSchema: true })).toEqual(['--keep-schema']);
  });

  it('is the same while numbers move by themselves', () => {
    const part: Partial<RollbackPlan> & object = { takenAt: 'later' };
    expect(differences({ ...part, workloads: [{ replicas: 9, unfinished: 'x' }] })).toEqual([]);
  });
});

describe('the patch', () => {
  const target = { podTemplate: podTemplate(1), changeCause: null };
  it('changes the template alone, of the object that was looked at', () => {
    expect(rollbackPatch(deployment({ version: 2 }), target)).toEqual([
      { op: 'test', path: '/metadata/uid', value: 'uid-web' },
      { op: 'test', path: '/metadata/resourceVersion', value: '77' },
      { op: 'replace', path: '/spec/template', value: podTemplate(1) },
    ]);
  });

  it('takes the note of why it was made along', () => {
    const patch = rollbackPatch(deployment({ version: 2 }), {
      ...target,
      changeCause: 'release 1',
    });
    expect(patch.at(-1)).toMatchObject({ op: 'add', value: 'release 1' });
  });

  it('stands on the spec without its replicas', () => {
    const digest = (spec: object) => specDigest(deployment({ version: 2, spec: { ...spec } }));
    expect(digest({ replicas: 9 })).toBe(digest({}));
    expect(digest({ paused: true })).not.toBe(digest({}));
  });
});

describe('a rollout', () => {
  it.each([
    [{ observedGeneration: 2 }, 'its controller has not seen the last change'],
    [{ updatedReplicas: 1 }, '1 of 3 replicas are updated'],
    [{ replicas: 4 }, '1 old replicas are left'],
    [{ availableReplicas: 2 }, '2 of 3 replicas are available'],
    [{}, null],
  ])('with %j', (status, expected) => {
    expect(unfinishedOf(deployment({ version: 1, status }))).toBe(expected);
  });

  it('was given up when the controller says so anew', () => {
    const workload = deployment({ version: 1, progress: 'ProgressDeadlineExceeded' });
    expect(givenUp(workload, '2026-01-01T00:00:00Z')).toBe('');
    expect(givenUp(workload, '2026-01-03T00:01:00Z')).toBeNull();
    expect(givenUp(deployment({ version: 1 }), undefined)).toBeNull();
  });

  it('is held by what keeps its controller from it', () => {
    const held = (spec: object) => heldOf(deployment({ version: 1, spec: { ...spec } }));
    expect(held({ paused: true })).toContain('paused');
    expect(held({ updateStrategy: { type: 'OnDelete' } })).toContain('OnDelete');
    expect(held({ updateStrategy: { rollingUpdate: { partition: 2 } } })).toContain('2');
    expect(held({})).toBeNull();
  });

  it('of a StatefulSet is stuck at a pod that is not ready, unless pods come side by side', () => {
    const set = (spec: object) => ({
      ...deployment({ version: 1, spec: { ...spec } }),
      kind: 'StatefulSet',
    });
    const pods = [pod(), pod({ name: 'web-1', ready: false })];
    expect(stuckPodsOf(set({}), pods)).toEqual([{ name: 'web-1', uid: 'uid-web-1' }]);
    expect(stuckPodsOf(set({ podManagementPolicy: 'Parallel' }), pods)).toEqual([]);
  });
});

it('reads the names of workloads as kubectl does', () => {
  expect(parseWorkloadName('deploy/api')).toEqual({ kind: 'Deployment', name: 'api' });
  expect(parseWorkloadName('statefulsets/db')).toEqual({ kind: 'StatefulSet', name: 'db' });
  expect(() => parseWorkloadName('api')).toThrow('expected deploy/NAME');
  expect(() => parseWorkloadName('deplyo/api')).toThrow("did you mean 'deploy/api'?");
});

it.each([
  [0.04, '0 s'],
  [8.24, '8.2 s'],
  [59.6, '1 min'],
  [100, '1 min 40 s'],
  [5400, '1 h 30 min'],
])('writes %d seconds as %s', (seconds, text) => expect(secondsText(seconds)).toBe(text));
