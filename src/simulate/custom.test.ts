import { expect, it } from 'vitest';
import { customStanding } from './custom.ts';

const widget = (status: object, generation = 2) => ({
  apiVersion: 'example.com/v1',
  kind: 'Widget',
  metadata: { name: 'w', generation },
  status,
});
const condition = (type: string, status: string, more = {}) => ({ type, status, ...more });
const state = (status: object) => customStanding(widget(status)).state;

it.each([
  ['ready', { conditions: [condition('Ready', 'True')] }],
  ['ready', { observedGeneration: 2, conditions: [condition('Ready', 'True')] }],
  ['waiting', { observedGeneration: 1, conditions: [condition('Ready', 'True')] }],
  ['waiting', { conditions: [condition('Ready', 'True', { observedGeneration: 1 })] }],
  ['waiting', { conditions: [condition('Ready', 'False')] }],
  ['waiting', { conditions: [condition('Ready', 'Unknown')] }],
  ['waiting', { conditions: [condition('Ready', 'True'), condition('Reconciling', 'True')] }],
  ['failed', { conditions: [condition('Ready', 'False'), condition('Stalled', 'True')] }],
  ['unknown', { conditions: [condition('Available', 'True')] }],
  ['unknown', { phase: 'Ready' }],
  ['unknown', {}],
])('a custom resource is %s by %j', (wanted, status) => {
  expect(state(status)).toBe(wanted);
});

it('says what its controller says', () => {
  const ready = condition('Ready', 'False', { message: 'waiting for DNS' });
  expect(customStanding(widget({ conditions: [ready] })).message).toBe('waiting for DNS');
});

const rule = {
  ...{ group: 'example.com', kind: 'Widget' },
  ready: { path: 'status.phase', values: ['Running', 'Idle'] },
  failed: { condition: 'Broken' },
};

it.each([
  ['ready', 'its status.phase is "Running"', { phase: 'Running' }],
  ['waiting', 'its status.phase is "Starting"', { phase: 'Starting' }],
  ['waiting', 'its status.phase is missing', { conditions: [condition('Ready', 'True')] }],
  ['waiting', 'its controller has not looked at it yet', { observedGeneration: 1, phase: 'Idle' }],
  [
    'failed',
    'no disk',
    { phase: 'Idle', conditions: [condition('Broken', 'True', { message: 'no disk' })] },
  ],
])('a rule of its own says %s: %s', (state, message, status) => {
  expect(customStanding(widget(status), [rule])).toEqual({ state, message });
});

it('takes a condition of the generation that is asked for', () => {
  const synced = { ...rule, ready: { condition: 'Stale', status: 'False' } };
  const stale = (generation: number) =>
    widget({ conditions: [condition('Stale', 'False', { observedGeneration: generation })] });
  expect(customStanding(stale(2), [synced]).state).toBe('ready');
  expect(customStanding(stale(1), [synced]).state).toBe('waiting');
  expect(customStanding(stale(2), [{ ...synced, kind: 'Gadget' }]).state).toBe('unknown');
});
