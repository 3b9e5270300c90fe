import type { StartedBy } from '../validators/runtime/image-run.ts';
import type { Bench, RunState } from './bench.ts';
import type { RunSettings } from './settings.ts';

/** Lines of a log that are searched. */
const searchedLines = 2000;

/** What is waited for: without a network nobody can ask, so that it still runs has to do. */
export function waitedFor({ request, image }: Bench, settings: RunSettings): StartedBy {
  const { by } = request.ready;
  const { config } = image;
  if (by === 'default') {
    return 'seen' in config && config.seen.hasHealthCheck ? 'health' : 'settled';
  }
  return by === 'http' && settings.noNetwork ? 'settled' : by;
}

/** Whether it shows that it is ready. @throws the signal's reason */
export async function isReady(
  by: StartedBy,
  container: string,
  state: RunState,
  bench: Bench,
): Promise<boolean> {
  if (by === 'settled') return true;
  if (by === 'health') return state.health?.status === 'healthy';
  if (by === 'http') return bench.answers(container);
  if (by === 'log') return hasLogged(container, bench);
  return false;
}

async function hasLogged(container: string, bench: Bench): Promise<boolean> {
  const { ready } = bench.request;
  if (ready.by !== 'log') return false;
  const output = await bench.output(container, { tail: searchedLines });
  return [output?.stdout, output?.stderr].some((text) => text?.includes(ready.text));
}
