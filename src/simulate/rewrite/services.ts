import { stringAt } from '../../validators/manifest/read.ts';
import type { RewriteRule } from './editor.ts';

const taken = 'a fixed address or port is taken by the object it was given to';

/** Addresses and ports that only one object of the cluster can have, and load balancers. */
export const services: RewriteRule = (edit) => {
  if (edit.kind !== 'Service') return;
  const type = stringAt(edit.at('spec'), 'type');
  if (type === 'LoadBalancer' || type === 'NodePort') {
    edit.set(['spec', 'type'], 'ClusterIP', 'the sandbox is not reached from outside');
  }
  if (edit.at('spec', 'clusterIP') !== 'None') {
    edit.drop(['spec', 'clusterIP'], taken);
    edit.drop(['spec', 'clusterIPs'], taken);
  }
  edit.drop(['spec', 'externalIPs'], 'it would take traffic that is meant for others');
  for (const field of ofLoadBalancers) edit.drop(['spec', field], 'no load balancer is made');
  for (const index of edit.indexes('spec', 'ports')) {
    edit.drop(['spec', 'ports', index, 'nodePort'], taken);
  }
};

const ofLoadBalancers = [
  'loadBalancerIP',
  'loadBalancerClass',
  'loadBalancerSourceRanges',
  'allocateLoadBalancerNodePorts',
  'healthCheckNodePort',
  'externalTrafficPolicy',
];

const hostWhy = 'traffic for the host must not reach the sandbox';

/** Hosts get a name that nobody asks for (`.invalid`, RFC 2606). */
export const ingresses: RewriteRule = (edit, { sandbox }) => {
  const renamed = (host: unknown) =>
    `${typeof host === 'string' && host !== '' ? host.replace(/^\*\./, 'any.') : 'any'}.${sandbox}.invalid`;
  if (edit.kind === 'Ingress') {
    const backend = edit.at('spec', 'defaultBackend');
    if (backend !== undefined) {
      edit.drop(['spec', 'defaultBackend'], 'it would take every request that no rule matches');
      if (edit.indexes('spec', 'rules').length === 0) {
        const paths = [{ path: '/', pathType: 'Prefix', backend }];
        edit.set(['spec', 'rules'], [{ host: renamed('default'), http: { paths } }], hostWhy);
      }
    }
    for (const index of edit.indexes('spec', 'rules')) {
      const path = ['spec', 'rules', index, 'host'];
      const host = edit.at(...path);
      if (!String(host).endsWith('.invalid')) edit.set(path, renamed(host), hostWhy);
    }
    for (const index of edit.indexes('spec', 'tls')) {
      for (const at of edit.indexes('spec', 'tls', index, 'hosts')) {
        const path = ['spec', 'tls', index, 'hosts', at];
        edit.set(path, renamed(edit.at(...path)), hostWhy);
      }
    }
  }
  if (['HTTPRoute', 'GRPCRoute', 'TLSRoute'].includes(edit.kind)) {
    const hosts = edit.indexes('spec', 'hostnames');
    if (hosts.length === 0) edit.set(['spec', 'hostnames'], [renamed(undefined)], hostWhy);
    for (const at of hosts) {
      const path = ['spec', 'hostnames', at];
      edit.set(path, renamed(edit.at(...path)), hostWhy);
    }
  }
};

/** Annotations by which controllers make DNS records and order certificates. */
const actingAnnotations = /^(external-dns\.alpha\.kubernetes\.io|(acme\.)?cert-manager\.io)\//;

export const annotations: RewriteRule = (edit) => {
  const all = edit.at('metadata', 'annotations');
  for (const name of Object.keys(typeof all === 'object' && all !== null ? all : {})) {
    if (actingAnnotations.test(name)) {
      edit.drop(['metadata', 'annotations', name], 'a controller would act on it outside');
    }
  }
};
