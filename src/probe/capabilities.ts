import type { Bench } from './bench.ts';
import type { RunSettings } from './settings.ts';
import { tryOnce } from './trial.ts';

/**
 * What engines give when nothing is said.
 * https://docs.docker.com/engine/containers/run/#runtime-privilege-and-linux-capabilities
 */
export const usualCapabilities = [
  ...['AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD'],
  ...['NET_BIND_SERVICE', 'NET_RAW', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT'],
] as const;

/**
 * The fewest capabilities found that it works with, by leaving out half of those that are left, then smaller pieces,
 * then each alone: for 14 of them at most 21 starts.
 * @param works with a set of capabilities; asked about fewer and fewer
 */
export async function fewest(
  all: readonly string[],
  works: (some: readonly string[]) => Promise<boolean>,
): Promise<readonly string[]> {
  let needed = [...all];
  for (let size = Math.ceil(needed.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < needed.length; ) {
      const rest = [...needed.slice(0, at), ...needed.slice(at + size)];
      if (await works(rest)) needed = rest;
      else at += size;
    }
  }
  return needed;
}

/**
 * @param settings that the image works with when it has the usual capabilities
 * @returns undefined where those that can be given back here are not enough
 */
export async function neededCapabilities(
  settings: RunSettings,
  bench: Bench,
): Promise<readonly string[] | undefined> {
  let tries = 0;
  const works = async (capabilities: readonly string[]) => {
    const what = `capabilities-${++tries}`;
    bench.say(`with ${capabilities.join(', ') || 'no capability'}`);
    return (await tryOnce(what, { ...settings, capabilities }, bench)).works === true;
  };
  const all = bench.capabilities;
  if (all.length < usualCapabilities.length && !(await works(all))) return undefined;
  return fewest(all, works);
}
