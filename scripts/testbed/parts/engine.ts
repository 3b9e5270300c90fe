import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Bed } from '../bed.ts';
import { linkHost } from '../network.ts';
import type { Part } from '../part.ts';
import { registryCommand } from './registry.ts';

/** 10.99.B.0/24: the link, the default bridge, and what other networks get, in this order. */
const addresses = (bed: Bed) => ({
  host: `10.99.${bed.number}.1/30`,
  inside: `10.99.${bed.number}.2/30`,
  bridge: `10.99.${bed.number}.65/26`,
  pool: `10.99.${bed.number}.128/25`,
  containers: `10.99.${bed.number}.64/26`,
});

const cgroup = (bed: Bed): string => `deploycheck-${bed.number}-engine`;

/** Docker Engine, in a network of its own; its containers are reached from the host by address. */
export const engine: Part = {
  name: 'engine',
  title: 'Docker Engine',
  variable: 'DOCKER_HOST',
  needs: ['registry'],
  programs: [
    { program: 'dockerd', package: 'docker.io' },
    { program: 'containerd', package: 'containerd' },
    { program: 'runc', package: 'runc' },
    { program: 'iptables', package: 'iptables' },
    { program: 'ip', package: 'iproute2' },
  ],
  needsRoot: true,
  sandbox: () => ({ network: true, covered: ['/run'] }),
  link: (bed) => `dcbed${bed.number}e`,
  cgroups: (bed) => [cgroup(bed)],
  async start({ bed, folder, init, spawn, run, ready, folderOf }) {
    const { host, inside, bridge, pool, containers } = addresses(bed);
    await linkHost(init, {
      name: `dcbed${bed.number}e`,
      hostAddress: host,
      insideAddresses: [inside],
      behind: [containers, pool],
    });
    await mkdir(join(folder, 'registry'));
    await spawn(
      'registry',
      await registryCommand(bed, folderOf('registry'), join(folder, 'registry')),
    );
    const socket = `unix://${join(folder, 'docker.sock')}`;
    const server = await spawn(
      'dockerd',
      [
        'dockerd',
        `--host=${socket}`,
        `--data-root=${join(folder, 'data')}`,
        `--exec-root=${join(folder, 'exec')}`,
        `--pidfile=${join(folder, 'docker.pid')}`,
        `--cgroup-parent=/${cgroup(bed)}`,
        `--bip=${bridge}`,
        `--default-address-pool=base=${pool},size=28`,
        // The network is the bed's own and has no way out: nothing to hide behind rules.
        '--iptables=false',
        '--storage-driver=overlay2',
        '--log-level=warn',
      ],
      { env: { HOME: folder } },
    );
    await ready('dockerd', server, () =>
      run(['docker', '--host', socket, 'version']).then(
        () => true,
        () => false,
      ),
    );
    return { DOCKER_HOST: socket };
  },
};
