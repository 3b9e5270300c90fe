import { randomBytes } from 'node:crypto';
import { askHttp } from '../../core/ask-http.ts';
import { Fault } from '../../core/fault.ts';
import type { Bench, RunState } from '../bench.ts';
import { usualCapabilities } from '../capabilities.ts';
import { type Probed, probeOn } from '../probe.ts';
import type { ProbeRequest } from '../request.ts';
import { writtenPaths } from '../writable.ts';
import { engineLeftover, leftoverRef, removeOwned } from './leftover.ts';
import { lookAtProcess, lookAtUsers } from './look.ts';
import { startContainer } from './start.ts';
import { stopContainer } from './stop.ts';
import type { EngineContext, Yard } from './yard.ts';

/** Milliseconds: to remove everything, one container, and for one request. */
const removeAllMs = 120_000;
const removeMs = 60_000;
const askMs = 2000;

/**
 * Runs an image with a container engine, and removes everything it started.
 * @throws Fault `input-missing`, `engine-unreachable`, `engine-failed`, `reference-invalid`, `usage-invalid`
 */
export async function probeImage(request: ProbeRequest, context: EngineContext): Promise<Probed> {
  const { engine, signal } = context;
  const image = await engine.inspectImage(request.image, signal);
  if (!image) {
    throw new Fault(
      'input-missing',
      `Docker Engine at ${engine.host} has no image ${request.label}; \`docker pull\` or \`docker load\` it first`,
    );
  }
  const isolation = await engine.isolation(signal);
  const owner = `probe-${randomBytes(16).toString('hex')}`;
  let made = 0;
  const nextName = () => `deploycheck-${owner}-${++made}`;
  return probeOn(await createBench({ ...context, request, image, isolation, owner, nextName }));
}

/** Nothing is made yet; what will be made is known to the ledger before. */
async function createBench(yard: Yard): Promise<Bench> {
  const { engine, scope, signal, request, image, isolation, owner } = yard;
  const ref = leftoverRef(engine.host, owner);
  await scope.defer(
    `containers of ${request.label}`,
    (fresh) => removeOwned(engine, owner, fresh),
    { deadlineMs: removeAllMs, leftover: { kind: engineLeftover, ref } },
  );
  const { healthcheck, volumes } = image.config;
  const inspect = async (container: string): Promise<RunState | undefined> => {
    const state = await engine.inspect(container, signal);
    return state && { ...state, address: Object.values(state.addresses)[0] };
  };
  return {
    ...yard,
    image: {
      ...{ id: image.id, diffIds: image.diffIds },
      config: { seen: { hasHealthCheck: healthcheck !== null, volumes } },
    },
    place: engine.host,
    seccomp: { inForce: isolation.seccomp, whose: "the engine's" },
    capabilities: usualCapabilities,
    cannot: {},
    inspect,
    runsNow: async (container) => (await inspect(container))?.running === true,
    start: (settings) => startContainer(settings, yard),
    async answers(container) {
      const address = (await inspect(container))?.address;
      return address !== undefined && answersAt(address, yard);
    },
    output: (container, options) => engine.logs(container, options, signal),
    look: (container) => lookAtProcess(container, yard),
    users: (container, main) => lookAtUsers(container, main, yard),
    async written(container) {
      const changes = await engine.changes(container, signal);
      if (!changes) return { why: 'somebody removed its container' };
      const mounted = [...request.tmpfs, ...request.volumes, ...volumes];
      return { seen: writtenPaths(changes, mounted) };
    },
    async limits(container, memory) {
      const stats = await engine.stats(container, signal);
      if (!stats) return { why: 'the engine does not tell what is in force' };
      const cpu = { declared: null, inForce: null };
      return { seen: { memory: { declared: memory, inForce: stats.memoryLimit }, cpu } };
    },
    stop: (container) => stopContainer(container, yard),
    async remove(container) {
      await engine.remove(container, AbortSignal.timeout(removeMs));
    },
    prove: async () => ({ where: engine.host, grounds: [] }),
  };
}

/** Success is what a kubelet takes for it: 200 to 399. */
async function answersAt(address: string, { request, signal }: Yard): Promise<boolean> {
  const { ready } = request;
  if (ready.by !== 'http') return false;
  const host = address.includes(':') ? `[${address}]` : address;
  const url = `http://${host}:${ready.port}${ready.path}`;
  const { status } = await askHttp({ url, timeoutMs: askMs }, signal);
  return status !== null && status >= 200 && status < 400;
}
