import { expect, it } from 'vitest';
import { throttledShares } from '../../metrics.ts';
import { judge, simulationOf } from '../testing.ts';
import { check } from './index.ts';

const used = (memoryBytes: number, throttledShare: number | null) =>
  simulationOf({
    usage: {
      ...{ soakSeconds: 30, unavailable: null, restarts: [] },
      containers: [
        {
          ...{ pod: 'shop-1', container: 'shop', cpuCores: 0.1, samples: 3 },
          ...{ memoryBytes, memoryLimitBytes: 100, throttledShare },
        },
      ],
    },
  });

it('tells of memory and throttling near the limit', async () => {
  expect((await judge(check, used(95, 0.3))).said).toEqual([
    'memory: shop-1, container shop: used 95 % of its memory limit',
    'throttled: shop-1, container shop: its CPU limit held it back in 30 % of its periods',
  ]);
  expect((await judge(check, used(50, null))).said).toEqual([]);
});

it('reads the share of throttled periods from the metrics of a node', () => {
  const line = (name: string, container: string, namespace: string, value: number) =>
    `container_cpu_cfs_${name}{container="${container}",id="/x",namespace="${namespace}",pod="p"} ${value} 1700000000000`;
  const text = [
    line('periods_total', 'web', 'box', 40),
    line('throttled_periods_total', 'web', 'box', 10),
    line('periods_total', '', 'box', 50),
    line('throttled_periods_total', '', 'box', 5),
    line('periods_total', 'web', 'other', 40),
    line('periods_total', 'idle', 'box', 0),
  ].join('\n');
  expect([...throttledShares(text, 'box')]).toEqual([
    ['p/web', 0.25],
    ['p/', 0.1],
  ]);
});
