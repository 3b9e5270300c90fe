import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Problem } from './problem.ts';
import { poll } from './processes.ts';

const root = '/sys/fs/cgroup';

/** Version 2 has one hierarchy, version 1 one for each controller (cgroups(7)). */
async function hierarchies(): Promise<string[]> {
  const unified = await readFile(join(root, 'cgroup.controllers')).catch(() => undefined);
  if (unified) return [root];
  const entries = await readdir(root, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(root, name));
}

export async function makeCgroup(name: string): Promise<void> {
  for (const top of await hierarchies()) await mkdir(join(top, name), { recursive: true });
}

/** @throws Problem when a process is still in it after ten seconds */
export async function removeCgroup(name: string): Promise<void> {
  for (const top of await hierarchies()) {
    const folder = join(top, name);
    const gone = await poll(10, () => removeTree(folder));
    if (!gone) throw new Problem(`the control group ${folder} is still in use`);
  }
}

/** A control group is a folder that only rmdir removes, and only when no process is in it. */
async function removeTree(folder: string): Promise<true | undefined> {
  try {
    for (const entry of await readdir(folder, { withFileTypes: true })) {
      if (entry.isDirectory()) await removeTree(join(folder, entry.name));
    }
    await rmdir(folder);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? true : undefined;
  }
}
