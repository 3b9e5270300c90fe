import type { ContainerState } from '../adapters/docker/container.ts';
import { askHttp } from '../core/ask-http.ts';
import type { StartedBy } from '../validators/runtime/image-run.ts';
import type { Bench } from './bench.ts';
import type { RunSettings } from './settings.ts';

/** Milliseconds for one request. */
const askMs = 2000;
/** Lines of a log that are searched. */
const searchedLines = 2000;

/** What is waited for: without a network nobody can ask, so that it still runs has to do. */
export function waitedFor({ request, image }: Bench, settings: RunSettings): StartedBy {
  const { by } = request.ready;
  if (by === 'default') return image.config.healthcheck ? 'health' : 'settled';
  return by === 'http' && settings.noNetwork ? 'settled' : by;
}

/** Whether it shows that it is ready. @throws the signal's reason */
export async function isReady(
  by: StartedBy,
  state: ContainerState,
  bench: Bench,
): Promise<boolean> {
  if (by === 'settled') return true;
  if (by === 'health') return state.health?.status === 'healthy';
  if (by === 'http') return answers(state, bench);
  if (by === 'log') return hasLogged(state, bench);
  return false;
}

/** Success is what a kubelet takes for it: 200 to 399. */
async function answers(state: ContainerState, { request, signal }: Bench): Promise<boolean> {
  const { ready } = request;
  const address = Object.values(state.addresses)[0];
  if (ready.by !== 'http' || address === undefined) return false;
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `http://${host}:${ready.port}${ready.path}`;
  const { status } = await askHttp({ url, timeoutMs: askMs }, signal);
  return status !== null && status >= 200 && status < 400;
}

async function hasLogged({ id }: ContainerState, { request, engine, signal }: Bench) {
  const { ready } = request;
  if (ready.by !== 'log') return false;
  const output = await engine.logs(id, { tail: searchedLines }, signal);
  return [output?.stdout, output?.stderr].some((text) => text?.includes(ready.text));
}
