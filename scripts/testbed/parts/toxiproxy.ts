import { answers } from '../http.ts';
import type { Part } from '../part.ts';

/** Proxies that delay, cut and throttle what passes through them. */
export const toxiproxy: Part = {
  name: 'toxiproxy',
  title: 'Toxiproxy',
  variable: 'DEPLOYCHECK_TEST_TOXIPROXY',
  binaries: ['toxiproxy-server'],
  ports: ['toxiproxy'],
  async start({ bed, spawn, program, ready }) {
    const port = bed.ports.toxiproxy;
    const binary = program('toxiproxy-server', 'toxiproxy-server');
    const server = await spawn('toxiproxy', [binary, '-host', '127.0.0.1', '-port', `${port}`]);
    await ready('toxiproxy', server, () => answers(`http://127.0.0.1:${port}/version`));
    return {
      DEPLOYCHECK_TEST_TOXIPROXY: `http://127.0.0.1:${port}`,
      DEPLOYCHECK_TEST_FREE_PORTS: bed.freePorts.join('-'),
    };
  },
};
