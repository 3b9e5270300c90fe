import { Fault, messageOf, systemCode } from '../../core/fault.ts';
import type { ApiStatus } from './kube.ts';
import type { KubeTarget } from './object.ts';

/** What was asked, for messages: `GET /version`. */
export interface Asked {
  readonly method: string;
  /** Without the query, which may be long. */
  readonly path: string;
}

/** Node's system error codes (`os.constants.errno`, c-ares), in words and with what to try. */
const unreachable: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'refused the connection; is the cluster running?',
  ECONNRESET: 'broke the connection; try again, and look at what stands in between',
  EPIPE: 'broke the connection; try again, and look at what stands in between',
  ENOTFOUND: 'has a host name that does not resolve; check the network, VPN or DNS',
  EAI_AGAIN: 'has a host name that could not be resolved; check the network, VPN or DNS',
  EHOSTUNREACH: 'cannot be reached from here; check the network or VPN',
  ENETUNREACH: 'cannot be reached from here; check the network or VPN',
  EPROTO: 'does not speak TLS; check that the URL is that of a Kubernetes API server',
  ETIMEDOUT: 'did not answer; check the network, VPN or firewall',
};

/** TLS codes of OpenSSL's X509_verify_cert_error and of Node. */
const untrusted: Readonly<Record<string, string>> = {
  CERT_HAS_EXPIRED: 'shows a certificate that has expired; have it renewed',
  CERT_NOT_YET_VALID: 'shows a certificate that is not valid yet; check the clock of this machine',
  ERR_TLS_CERT_ALTNAME_INVALID:
    'shows a certificate for another name; set tls-server-name, or use the name it is made for',
};
const untrustedOther =
  'shows a certificate that the kubeconfig does not trust; check its certificate-authority';

/** The fault of an exchange that found no answer. */
export function transportFault(target: KubeTarget, asked: Asked, error: unknown): Fault {
  const code = systemCode(error) ?? '';
  const reason =
    unreachable[code] ??
    untrusted[code] ??
    (/CERT|SIGN|ISSUER/.test(code) ? untrustedOther : undefined) ??
    `gave no usable answer (${messageOf(error).replaceAll(/\s+/g, ' ').trim()}); check that it is a Kubernetes API server`;
  return new Fault('cluster-unreachable', `${server(target)} ${reason} (${line(asked)})`, {
    cause: error,
  });
}

/** Whether trying again may help: the connection was there, and broke. */
export function isBroken(error: unknown): boolean {
  return ['ECONNRESET', 'EPIPE'].includes(systemCode(error) ?? '');
}

/** The fault of an answer that says no to what deploycheck itself must do. */
export function statusFault(target: KubeTarget, asked: Asked, status: ApiStatus): Fault {
  if (status.code === 401) {
    return new Fault(
      'cluster-denied',
      `${server(target)} does not accept the credentials of user '${target.user}' (401 to ${line(asked)}); log in again or choose another context`,
    );
  }
  if (status.code === 403) {
    return new Fault(
      'cluster-denied',
      `${server(target)} forbids ${line(asked)} to user '${target.user}': ${status.message}; ask for that permission`,
    );
  }
  return failed(target, asked, `answered ${status.code} to ${line(asked)}: ${status.message}`);
}

/** The server answered, and the answer cannot be used. */
export function failed(target: KubeTarget, asked: Asked, what: string): Fault {
  const tail = what.includes(asked.path) ? '' : ` (${line(asked)})`;
  return new Fault('cluster-failed', `${server(target)} ${what}${tail}`);
}

const server = ({ server, context }: KubeTarget): string => `${server} (context ${context})`;
const line = ({ method, path }: Asked): string => `${method} ${path}`;
