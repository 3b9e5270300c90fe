import { Fault } from '../../core/fault.ts';

export { countOf, textsOf } from '../manifest/options.ts';

type Options = Readonly<Record<string, unknown>>;

const units = { '': 1, k: 1e3, m: 1e6, g: 1e9, ki: 2 ** 10, mi: 2 ** 20, gi: 2 ** 30 } as const;

/**
 * An option that is a number of bytes, as `300000000`, `300 MB` or `286 MiB`; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function bytesOf(rule: string, options: Options, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const [, number, prefix = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]i?)?b?$/i.exec(String(value)) ?? [];
  const unit = Object.entries(units).find(([key]) => key === prefix.toLowerCase())?.[1];
  if (number !== undefined && unit !== undefined) return Math.round(Number(number) * unit);
  throw new Fault(
    'config-invalid',
    `options of ${rule}: ${name}: expected bytes, such as 300 MB or 1.5 GiB`,
  );
}

/**
 * An option that is a share from 0 to 1; undefined when it is not given.
 * @throws Fault `config-invalid` naming the rule and the option.
 */
export function shareOf(rule: string, options: Options, name: string): number | undefined {
  const value = options[name];
  if (value === undefined) return undefined;
  if (typeof value === 'number' && value >= 0 && value <= 1) return value;
  throw new Fault('config-invalid', `options of ${rule}: ${name}: expected a number from 0 to 1`);
}

/** Bytes as people read them, in powers of 1000 as registries count. */
export function bytesText(bytes: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = bytes < 1 ? 0 : Math.min(names.length - 1, Math.floor(Math.log10(bytes) / 3));
  const scaled = bytes / 1000 ** power;
  return `${power === 0 ? scaled : scaled.toFixed(1)} ${names[power]}`;
}
