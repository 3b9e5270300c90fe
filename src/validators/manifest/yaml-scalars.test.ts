import { expect, it } from 'vitest';
import { parseYaml } from '../../config/yaml-source.ts';
import { kubernetesScalars } from './yaml-scalars.ts';

// Expected values: go.yaml.in/yaml/v2 v2.4.2, resolve.go.
it.each([
  ['no', false],
  ['Off', false],
  ['n', false],
  ['y', true],
  ['on', true],
  ['TRUE', true],
  ['nO', 'nO'],
  ['"no"', 'no'],
  ['!!str no', 'no'],
  ['~', null],
  ['', null],
  ['0644', 420],
  ['0o644', 420],
  ['-010', -8],
  ['089', 89],
  ['0x1F', 31],
  ['0b101', 5],
  ['1_000', 1000],
  ['+12', 12],
  ['1e3', 1000],
  ['.5', 0.5],
  ['1.', 1],
  ['-.inf', Number.NEGATIVE_INFINITY],
  ['.nan', Number.NaN],
  ['12:30', '12:30'],
  ['2024-01-01', '2024-01-01'],
  ['2024-01-01T00:00:00Z', '2024-01-01T00:00:00Z'],
  ['1.2.3', '1.2.3'],
  ['100m', '100m'],
  ['0xZZ', '0xZZ'],
  ['-', undefined],
])('%s', (text, value) => {
  const [document] = parseYaml(`a: ${text}\n`, { schema: kubernetesScalars });
  expect(document?.value).toEqual(value === undefined ? undefined : { a: value });
});

it('reads keys as scalars too', () => {
  const [document] = parseYaml('on: 1\n010: 2\n', { schema: kubernetesScalars });
  expect(document?.value).toEqual({ true: 1, 8: 2 });
});
