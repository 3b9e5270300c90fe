import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packageFile } from '../../src/core/package-root.ts';
import { systems } from '../systems/bed.ts';

const bed = await systems('kubernetes', 'registry', 'postgres', 'minio', 'toxiproxy');

async function quickstart(...flags: string[]) {
  const { exitCode, stdout, stderr } = await execa(
    process.execPath,
    [packageFile('scripts/quickstart/main.ts'), '--built', ...flags],
    { env: { NO_COLOR: '1', KUBECONFIG: '' }, reject: false },
  );
  const item = (n: number) => new RegExp(`^ *${n}  .*  . (\\S+)`, 'm').exec(stdout)?.[1];
  const statuses = Array.from({ length: 12 }, (_, at) => `${at + 1} ${item(at + 1)}`);
  return { exitCode, stdout, stderr, statuses };
}

describe.skipIf(!bed)('the quickstart', () => {
  it('uses the database server that it finds', async () => {
    const { exitCode, stdout, stderr, statuses } = await quickstart();
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/a throwaway database server: postgres \(PostgreSQL\) \d+/);
    expect(statuses).toEqual([
      ...['1 pass', '2 pending', '3 pass', '4 pass', '5 pass', '6 pending', '7 pending'],
      ...['8 pass', '9 pass', '10 pending', '11 pending', '12 pending'],
    ]);
    expect(stdout).toContain('exit code 3: pending');
  }, 120_000);

  it('in full runs every item on real systems', async () => {
    const { exitCode, stdout, stderr, statuses } = await quickstart('--full');
    expect(exitCode, stderr).toBe(0);
    expect(statuses).toEqual([
      ...['1 pass', '2 pending', '3 pass', '4 pass', '5 pass', '6 pass', '7 pending'],
      ...['8 pass', '9 pass', '10 pass', '11 pass', '12 pending'],
    ]);
    expect(stdout).toContain('exit code 3: pending');
  }, 300_000);
});
