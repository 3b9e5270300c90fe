import { expect, it } from 'vitest';
import { examine, podWith } from '../testing.ts';
import { check } from './index.ts';

const volume = (source: string) => podWith('', `volumes:\n  - {name: v, ${source}}`);

it.each(['nfs', 'iscsi', 'gitRepo', 'awsElasticBlockStore', 'flexVolume', 'portworxVolume'])(
  'finds %s',
  async (type) => {
    const { seen, messages } = await examine(check, volume(`${type}: {a: b}`));
    expect(seen).toEqual([{ messageId: 'type', line: 12, column: 17 }]);
    expect(messages).toEqual([`volume v is of the type ${type}`]);
  },
);

it.each([
  'configMap',
  'csi',
  'downwardAPI',
  'emptyDir',
  'ephemeral',
  'image',
  'persistentVolumeClaim',
  'projected',
  'secret',
  'hostPath',
])('is silent for %s', async (type) => {
  expect((await examine(check, volume(`${type}: {}`))).outcome).toBe('pass');
});

it('is silent for a volume without a source', async () => {
  expect((await examine(check, volume('nfs: '))).outcome).toBe('pass');
});
