import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { KubeObject } from '../adapters/kube/kube.ts';
import { Fault } from '../core/fault.ts';

/** A place outside of the sandbox that its pods may reach. */
export interface EgressRule {
  /** As it was asked for. */
  readonly text: string;
  readonly cidrs: readonly string[];
  /** Null for every port. */
  readonly port: number | null;
}

type Resolve = (host: string) => Promise<readonly string[]>;

const resolveHost: Resolve = async (host) =>
  (await lookup(host, { all: true })).map(({ address }) => address);

/**
 * Reads `HOST[:PORT]`, `ADDRESS[:PORT]`, `CIDR[:PORT]` and `[ADDRESS]:PORT`. A name stands for the
 * addresses that it has here and now.
 * @throws Fault `usage-invalid`
 */
export async function egressRules(
  texts: readonly string[],
  resolve: Resolve = resolveHost,
): Promise<EgressRule[]> {
  return Promise.all(
    texts.map(async (text): Promise<EgressRule> => {
      const match = /^(?:\[([0-9a-fA-F:]+(?:\/\d+)?)\]|([^:\s]+))(?::(\d{1,5}))?$/.exec(text);
      const place = match?.[1] ?? match?.[2];
      const port = match?.[3] === undefined ? null : Number(match[3]);
      if (place === undefined || (port !== null && (port < 1 || port > 65_535))) {
        throw new Fault('usage-invalid', `'${text}': expected HOST[:PORT] or CIDR[:PORT]`);
      }
      return { text, cidrs: await cidrsOf(place, text, resolve), port };
    }),
  );
}

async function cidrsOf(place: string, text: string, resolve: Resolve): Promise<string[]> {
  const [address = '', length] = place.split('/');
  const family = isIP(address);
  if (family > 0) return [length === undefined ? single(address) : place];
  try {
    const found = await resolve(place);
    if (length === undefined && found.length > 0) return [...new Set(found.map(single))].sort();
  } catch (error) {
    throw new Fault('usage-invalid', `'${text}': ${place} has no address here`, { cause: error });
  }
  throw new Fault('usage-invalid', `'${text}': expected HOST[:PORT] or CIDR[:PORT]`);
}

const single = (address: string): string => `${address}/${isIP(address) === 6 ? 128 : 32}`;

const egressPolicyName = 'deploycheck-egress';

/** Closes the way out of every pod of the sandbox, but for names, each other, and what was asked for. */
export function egressPolicy(sandbox: string, rules: readonly EgressRule[]): KubeObject {
  const dns = ['UDP', 'TCP'].map((protocol) => ({ protocol, port: 53 }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: egressPolicyName, namespace: sandbox },
    spec: {
      podSelector: {},
      policyTypes: ['Egress'],
      egress: [
        { to: [{ podSelector: {} }] },
        { ports: dns },
        ...rules.map(({ cidrs, port }) => ({
          to: cidrs.map((cidr) => ({ ipBlock: { cidr } })),
          ...(port !== null && { ports: [{ protocol: 'TCP', port }] }),
        })),
      ],
    },
  };
}
