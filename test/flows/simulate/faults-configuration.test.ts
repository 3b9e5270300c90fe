import { systems } from '../../systems/bed.ts';
import { describeFaults, type Fault } from './fault.ts';
import { workload } from './support.ts';

const bed = await systems('kubernetes', 'registry');

const settings = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
  data: { a: 'b' },
};
const variable = (source: string, name: string, key: string) => {
  return { env: [{ name: 'A', valueFrom: { [source]: { name, key } } }] };
};

const faults: readonly Fault[] = [
  {
    name: 'a ConfigMap that is not there',
    release: (image) => [
      workload(image, 'web', { container: { envFrom: [{ configMapRef: { name: 'settings' } }] } }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: something it is configured with is missing: configmap "settings" not found; add it/,
  },
  {
    name: 'a ConfigMap of a volume that is not there',
    release: (image) => [
      workload(image, 'web', {
        container: { volumeMounts: [{ name: 'files', mountPath: '/files' }] },
        pod: { volumes: [{ name: 'files', configMap: { name: 'settings' } }] },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web: something it is configured with is missing: .*configmap "settings" not found; add it/,
  },
  {
    name: 'a key that the ConfigMap does not have',
    release: (image) => [
      settings,
      workload(image, 'web', { container: variable('configMapKeyRef', 'settings', 'port') }),
    ],
    says: /^NO-GO {2}Deployment\/web, container main: something it is configured with is missing: couldn't find key port in ConfigMap settings; add it/,
  },
  {
    name: 'a file that the ConfigMap does not have',
    release: (image) => [
      settings,
      workload(image, 'web', {
        container: { volumeMounts: [{ name: 'files', mountPath: '/files' }] },
        pod: {
          volumes: [
            {
              name: 'files',
              configMap: { name: 'settings', items: [{ key: 'port', path: 'port' }] },
            },
          ],
        },
      }),
    ],
    says: /^NO-GO {2}Deployment\/web: something it is configured with is missing: .*non-existent.* port; add it/,
  },
  {
    name: 'a Secret that nobody gave',
    release: (image) => [
      workload(image, 'web', { container: variable('secretKeyRef', 'keys', 'token') }),
    ],
    says: /^NO-GO {2}Deployment\/web: needs the Secret keys \(token\), which the release does not bring and the target namespace does not have;/,
    ended: 'not-started',
  },
  {
    name: 'a key that the given Secret does not have',
    release: (image) => [
      workload(image, 'web', { container: variable('secretKeyRef', 'keys', 'token') }),
    ],
    files: { 'keys.env': 'OTHER=a-value-of-the-tests\n' },
    flags: ['--secret', 'keys=env-file:keys.env'],
    says: /^NO-GO {2}Deployment\/web, container main: something it is configured with is missing: couldn't find key token in Secret keys; add it/,
  },
  {
    name: 'a ServiceAccount that is not there',
    release: (image) => [workload(image, 'web', { pod: { serviceAccountName: 'robot' } })],
    says: /^NO-GO {2}Deployment\/web: its pods are refused: error looking up service account robot: serviceaccount "robot" not found; correct the pod template/,
  },
];

describeFaults('configuration that is missing is named', bed, faults);
