import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAlive, poll, signalProcess } from '../../../scripts/testbed/processes.ts';
import { runInside, spawnInside } from '../../../scripts/testbed/sandbox.ts';
import { readState } from '../../../scripts/testbed/state.ts';
import { bedOfRun } from '../../systems/bed.ts';

/**
 * One more registry over the images of the bed's own, on the loopback of the nodes, where containerd
 * asks by plain HTTP.
 * @param address `127.0.0.1:PORT`, of the nodes' network
 * @param locked whether it lets in only who knows a password, which is nobody
 */
export async function nodeRegistry(address: string, locked: boolean): Promise<AsyncDisposable> {
  const bed = bedOfRun();
  const state = await readState(bed, 'kubernetes');
  if (!state) throw new Error('only the nodes of the own bed can be given a registry');
  const folder = await mkdtemp(join(tmpdir(), 'deploycheck-registry-'));
  const config = join(folder, 'registry.json');
  const settings = {
    version: '0.1',
    log: { level: 'error', accesslog: { disabled: true } },
    storage: { filesystem: { rootdirectory: join(bed.folder, 'registry/data') } },
    http: { addr: address, secret: 'tests' },
    ...(locked && { auth: { htpasswd: { realm: 'tests', path: join(folder, 'htpasswd') } } }),
  };
  await writeFile(config, JSON.stringify(settings));
  const command = ['docker-registry', 'serve', config];
  const server = await spawnInside(state.init, folder, 'registry', command);
  const expected = locked ? 401 : 200;
  const ask = `fetch('http://${address}/v2/').then(({status}) => process.exit(status === ${expected} ? 0 : 1), () => process.exit(1))`;
  const ready = await poll(20, () =>
    runInside(state.init, [process.execPath, '--eval', ask]).then(
      () => true,
      () => undefined,
    ),
  );
  if (!ready) throw new Error('docker-registry did not start');
  return {
    async [Symbol.asyncDispose]() {
      await signalProcess(server, 'SIGTERM');
      await poll(20, async () => ((await isAlive(server)) ? undefined : true));
      await rm(folder, { recursive: true, force: true });
    },
  };
}
