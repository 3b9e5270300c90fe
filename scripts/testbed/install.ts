import { isRoot } from './bed.ts';
import { binaryFolder } from './binaries.ts';
import type { PartName } from './part.ts';
import { parts } from './parts.ts';
import { Problem } from './problem.ts';
import { missingPrograms } from './programs.ts';
import { run } from './sandbox.ts';

/**
 * Gets everything the parts are made of: Debian packages where they serve, the rest built into the
 * cache. Starts nothing, and leaves the services of the packages off.
 */
export async function install(
  names: readonly PartName[],
  say: (line: string) => void,
): Promise<void> {
  const chosen = names.map((name) => parts[name]);
  const missing = await missingPrograms(chosen);
  const packages = [...new Set(missing.map((program) => program.package))];
  if (packages.length > 0) await installPackages(packages, say);
  for (const binary of new Set(chosen.flatMap((part) => part.binaries ?? []))) {
    await binaryFolder(binary, say);
  }
}

async function installPackages(
  packages: readonly string[],
  say: (line: string) => void,
): Promise<void> {
  if (!isRoot()) {
    throw new Problem(`packages are missing; run: sudo apt-get install ${packages.join(' ')}`);
  }
  say(`installing ${packages.join(' ')}`);
  const apt = (...args: string[]) =>
    // Run level 1: a package that brings a service does not start it (invoke-rc.d(8)).
    run('apt-get', ['-qq', ...args], {
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' },
    });
  try {
    await apt('update');
    await apt('install', '-y', '--no-install-recommends', ...packages);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Problem(
      `the packages ${packages.join(' ')} could not be installed; check the package mirror and the disk: ${said}`,
    );
  }
}
