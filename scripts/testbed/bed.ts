import { homedir } from 'node:os';
import { join } from 'node:path';

/** Everything a bed may listen on in the host's own network, as an offset into the bed's port range. */
const portOffsets = {
  registry: 0,
  postgres: 1,
  postgresNext: 2,
  minio: 3,
  versitygw: 4,
  toxiproxy: 5,
  prometheus: 6,
} as const;

export type PortName = keyof typeof portOffsets;

/** The addresses of a bed's cluster. All lie in the cluster's own network, which has no way out. */
export interface ClusterAddresses {
  /** The host's end of the link: 10.98.B.254. */
  readonly host: string;
  /** Node 1, API server and DNS: 10.98.B.1. */
  readonly node1: string;
  readonly node2: string;
  /** 10.97.(8B).0/21; node N has 10.97.(8B+N).0/24. */
  readonly pods: string;
  podsOf(node: number): string;
  /** 10.96.B.0/24 */
  readonly services: string;
  /** The API server as pods see it: the first address of `services`. */
  readonly kubernetes: string;
}

/** One test bed: a number fixes its folder, its ports and its addresses, so that beds do not meet. */
export interface Bed {
  readonly number: number;
  readonly folder: string;
  readonly ports: Readonly<Record<PortName, number>>;
  /** First and last port that tests may give to proxies. */
  readonly freePorts: readonly [number, number];
  readonly cluster: ClusterAddresses;
}

export const bedNumbers = { min: 0, max: 31 } as const;

/** Below the range from which Linux gives ports to outgoing connections (32768 and up). */
const firstPort = 20_000;
const portsPerBed = 100;
const reservedPorts = 20;

/** @param root where beds live; {@link home} when not given */
export function createBed(number: number, root: string = home()): Bed {
  const base = firstPort + number * portsPerBed;
  const port = (name: PortName): number => base + portOffsets[name];
  return {
    number,
    folder: join(root, 'beds', String(number)),
    ports: {
      registry: port('registry'),
      postgres: port('postgres'),
      postgresNext: port('postgresNext'),
      minio: port('minio'),
      versitygw: port('versitygw'),
      toxiproxy: port('toxiproxy'),
      prometheus: port('prometheus'),
    },
    freePorts: [base + reservedPorts, base + portsPerBed - 1],
    cluster: {
      host: `10.98.${number}.254`,
      node1: `10.98.${number}.1`,
      node2: `10.98.${number}.2`,
      pods: `10.97.${8 * number}.0/21`,
      podsOf: (node) => `10.97.${8 * number + node}.0/24`,
      services: `10.96.${number}.0/24`,
      kubernetes: `10.96.${number}.1`,
    },
  };
}

/**
 * Where binaries and beds live. A server that must not run as root has to reach its folder, and a
 * home folder is often closed to others; so root's beds lie outside of it.
 */
export function home(): string {
  const chosen = process.env.DEPLOYCHECK_TESTBED_HOME;
  if (chosen) return chosen;
  return isRoot()
    ? '/var/cache/deploycheck-testbed'
    : join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'deploycheck-testbed');
}

export const isRoot = (): boolean => process.getuid?.() === 0;
