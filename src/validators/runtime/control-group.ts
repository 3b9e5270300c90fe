/**
 * Bytes of `memory.max` (cgroup v2) or `memory.limit_in_bytes` (v1).
 * @returns null for no limit; undefined for what is neither
 */
export function memoryLimitOf(text: string): number | null | undefined {
  const value = text.trim();
  if (value === 'max') return null;
  if (!/^\d+$/.test(value)) return undefined;
  // Version 1 says the largest number of pages instead of none.
  return Number(value) >= largestV1 ? null : Number(value);
}

const largestV1 = 2 ** 62;

/**
 * Cores of `cpu.max`: the time and the period in which it may be used, both in microseconds.
 * @returns null for no limit; undefined for what is no such file
 */
export function cpuLimitOf(text: string): number | null | undefined {
  const [, quota, period] = /^(max|\d+) (\d+)\s*$/.exec(text) ?? [];
  if (quota === undefined || period === undefined) return undefined;
  return quota === 'max' ? null : Number(quota) / Number(period);
}
