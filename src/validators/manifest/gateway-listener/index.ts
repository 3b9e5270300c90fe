import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import { draftAt } from '../finding.ts';
import type { ManifestObject, ManifestSet } from '../load.ts';
import { listAt, numberAt, stringAt } from '../read.ts';
import { follow, missingObject } from '../references/follow.ts';
import { gateways, listenerCertificates } from './references.ts';

/**
 * Listeners of a Gateway differ, and the Secrets with their certificates exist. Its class is looked at by
 * manifest/class-reference.
 */
export const check: Check<ManifestSet> = {
  id: 'manifest/gateway-listener',
  title: 'Listeners of Gateways differ and have their certificates',
  severity: 'error',
  critical: true,
  item: 'manifests',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A listener whose certificate is not there, or that is in conflict with another one, is not served: its host names are down while the Gateway looks healthy.',
    messages: {
      ...missingObject,
      'same-name': 'listener {{name}} of Gateway {{gateway}} is there twice',
      'same-address':
        'listener {{name}} of Gateway {{gateway}} has port, protocol and host name of listener {{earlier}}',
    },
    remediation:
      'Give every listener a name of its own, and a port, protocol or host name of its own. Declare Secrets that are made elsewhere under `manifests.external`.',
    bad: {
      language: 'yaml',
      text: example('shop.example'),
      findings: [{ messageId: 'same-address', line: 12, column: 13 }],
    },
    good: { language: 'yaml', text: example('admin.shop.example'), findings: [] },
    references: ['https://gateway-api.sigs.k8s.io/reference/spec/#gatewayspec'],
  },
  run(context) {
    const { missing } = follow(context, listenerCertificates(context.target));
    return [...missing, ...gateways(context.target).flatMap(alike)];
  },
};

function alike(gateway: ManifestObject): Draft[] {
  const names = new Set<string>();
  const addresses = new Map<string, string>();
  return listAt(gateway.value, 'spec', 'listeners').flatMap((listener, index) => {
    const name = stringAt(listener, 'name');
    const port = numberAt(listener, 'port');
    if (name === undefined || port === undefined) return [];
    const address = [port, stringAt(listener, 'protocol'), stringAt(listener, 'hostname')].join(
      ' ',
    );
    const earlier = addresses.get(address);
    const messageId = names.has(name) ? 'same-name' : earlier ? 'same-address' : undefined;
    names.add(name);
    addresses.set(address, earlier ?? name);
    if (messageId === undefined) return [];
    const data = { name, gateway: gateway.name, earlier: earlier ?? name };
    return [draftAt(gateway, ['spec', 'listeners', index, 'name'], messageId, { data })];
  });
}

function example(host: string): string {
  return `apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata:
  name: public
spec:
  gatewayClassName: shared
  listeners:
    - name: shop
      port: 80
      protocol: HTTP
      hostname: shop.example
    - name: admin
      port: 80
      protocol: HTTP
      hostname: ${host}
`;
}
