import { join } from 'node:path';
import type { Part } from '../part.ts';
import { run } from '../sandbox.ts';

/** The Docker-compatible service of Podman: for its images, which it keeps without any container. */
export const podman: Part = {
  name: 'podman',
  title: 'Podman',
  variable: 'DEPLOYCHECK_TEST_PODMAN',
  programs: [{ program: 'podman', package: 'podman' }],
  needsRoot: true,
  sandbox: () => ({ network: true, covered: ['/run', '/var/lib/containers'] }),
  async start({ folder, spawn, ready }) {
    const socket = `unix://${join(folder, 'podman.sock')}`;
    const server = await spawn(
      'podman',
      [
        ...['podman', '--root', join(folder, 'data'), '--runroot', join(folder, 'run')],
        ...['--storage-driver', 'vfs', '--cgroup-manager', 'cgroupfs'],
        ...['system', 'service', '--time', '0', socket],
      ],
      { env: { HOME: folder } },
    );
    await ready('podman', server, () =>
      run('podman', ['--remote', '--url', socket, 'version']).then(
        () => true,
        () => false,
      ),
    );
    return { DEPLOYCHECK_TEST_PODMAN: socket };
  },
};
