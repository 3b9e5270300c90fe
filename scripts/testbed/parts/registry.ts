import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import { answers } from '../http.ts';
import type { Part } from '../part.ts';

/** The reference implementation of the distribution specification, over plain HTTP on loopback. */
export const registry: Part = {
  name: 'registry',
  title: 'OCI registry',
  variable: 'DEPLOYCHECK_TEST_REGISTRY',
  programs: [{ program: 'docker-registry', package: 'docker-registry' }],
  ports: ['registry'],
  async start({ bed, folder, spawn, ready }) {
    await mkdir(registryData(folder), { recursive: true });
    const server = await spawn('registry', await registryCommand(bed, folder, folder));
    await ready('registry', server, () => answers(`http://${registryAddress(bed)}/v2/`));
    return { DEPLOYCHECK_TEST_REGISTRY: registryAddress(bed) };
  },
};

export const registryAddress = (bed: Bed): string => `127.0.0.1:${bed.ports.registry}`;

const registryData = (folder: string): string => join(folder, 'data');

/**
 * A registry server over the data of the bed's. A part with a network of its own runs one on its own
 * loopback, so that one and the same image name works everywhere.
 */
export async function registryCommand(
  bed: Bed,
  registryFolder: string,
  configFolder: string,
): Promise<string[]> {
  const config = join(configFolder, 'registry.yml');
  const text = {
    version: '0.1',
    log: { level: 'warn', accesslog: { disabled: true } },
    storage: {
      filesystem: { rootdirectory: registryData(registryFolder) },
      delete: { enabled: true },
    },
    http: { addr: registryAddress(bed), secret: 'testbed' },
  };
  await writeFile(config, JSON.stringify(text));
  return ['docker-registry', 'serve', config];
}
