import { execFile } from 'node:child_process';
import { mkdtemp, readdir, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Bed, createBed, home } from '../../scripts/testbed/bed.ts';
import { reserveBed } from '../../scripts/testbed/reserve.ts';
import { packageFile } from '../../src/core/package-root.ts';

export interface Result {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A bed beside the one of this run, in a folder of its own; the programs are those of the cache. */
export interface OtherBed extends AsyncDisposable {
  readonly number: number;
  readonly home: string;
  readonly bed: Bed;
  /** The command `npm run testbed -- …`. */
  testbed(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Result>;
}

const main = packageFile('scripts/testbed/main.ts');
/** The run's own bed is one of the first. */
const firstOther = 24;

export async function otherBed(): Promise<OtherBed> {
  const reservation = await reserveBed(firstOther);
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-bed-'));
  await promisify(execFile)('chmod', ['755', folder]);
  await symlink(join(home(), 'bin'), join(folder, 'bin'));
  const testbed: OtherBed['testbed'] = (args, env = {}) =>
    command([main, ...args, '--bed', String(reservation.number)], {
      DEPLOYCHECK_TESTBED_HOME: folder,
      ...env,
    });
  return {
    number: reservation.number,
    home: folder,
    bed: createBed(reservation.number, folder),
    testbed,
    async [Symbol.asyncDispose]() {
      await testbed(['down']);
      await rm(folder, { recursive: true });
      await reservation.release();
    },
  };
}

/** The variables of the run's own bed name systems, and would be used instead. */
function ownEnvironment(): NodeJS.ProcessEnv {
  const entries = Object.entries(process.env).filter(
    ([name]) => !/^(DEPLOYCHECK_TEST|KUBECONFIG|DOCKER_HOST)/.test(name),
  );
  return Object.fromEntries(entries);
}

export async function command(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Result> {
  try {
    const { stdout, stderr } = await promisify(execFile)(process.execPath, args, {
      env: { ...ownEnvironment(), ...env },
      maxBuffer: 1 << 24,
    });
    return { exitCode: 0, stdout, stderr };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { exitCode: code, stdout, stderr };
  }
}

/** What a bed must leave as it was: devices, routes, mounts, packet filters, control groups. */
export async function traces(number: number): Promise<Record<string, readonly string[]>> {
  const lines = async (program: string, ...args: string[]) => {
    const { stdout } = await promisify(execFile)(program, args);
    return stdout.split('\n').filter((line) => line !== '');
  };
  const mine = new RegExp(`dcbed${number}|10\\.9[6789]\\.${number}\\.|deploycheck-${number}-`);
  const own = (list: readonly string[]) => list.filter((line) => mine.test(line));
  return {
    links: own(await lines('ip', '-o', 'link')),
    routes: own(await lines('ip', 'route')),
    mounts: await lines('sh', '-c', 'grep -c deploycheck-bed- /proc/self/mounts || :'),
    filters: (await lines('nft', 'list', 'tables')).filter((line) => !line.includes('filter')),
    cgroups: own(await lines('sh', '-c', 'ls -d /sys/fs/cgroup/*/* /sys/fs/cgroup/* || :')),
    networks: await readdir('/run/netns').catch(() => []),
  };
}
