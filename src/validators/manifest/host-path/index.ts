import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { isRecord, listAt, stringAt } from '../read.ts';
import { type PodTemplate, podTemplates } from '../workloads.ts';
import { placeOf } from './places.ts';

/** No pod mounts a file system of its node. CIS numbers are those of the benchmark's versions 1.8 to 1.10. */
export const check: Check<ManifestSet> = {
  id: 'manifest/host-path',
  title: 'Pods mount nothing of their node',
  severity: 'error',
  cis: ['5.2.12'],
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'What a pod reads or writes on its node it shares with the node and with all others there: the credentials of the kubelet, logs of other applications, programs that root runs. With the socket of the container runtime it starts privileged containers at will.',
    messages: {
      socket: 'volume {{volume}} is the socket of the container runtime: {{path}}',
      system: 'volume {{volume}} is {{path}} of the node, which the node is run from{{access}}',
      node: 'volume {{volume}} is {{path}} of the node{{access}}',
    },
    remediation:
      'Keep data in a claim, an emptyDir, a ConfigMap or a projected volume. An agent that has to look at its node mounts the one folder it reads, readOnly, and has a waiver.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      volumeMounts:
        - {name: uploads, mountPath: /uploads}
        - {name: runtime, mountPath: /run/docker.sock}
  volumes:
    - name: uploads
      hostPath:
        path: /srv/uploads
    - name: runtime
      hostPath:
        path: /var/run/docker.sock
`,
      findings: [
        { messageId: 'node', line: 15, column: 15 },
        { messageId: 'socket', line: 18, column: 15 },
      ],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: registry.example/web:1.4.2
      volumeMounts:
        - {name: uploads, mountPath: /uploads}
  volumes:
    - name: uploads
      persistentVolumeClaim:
        claimName: uploads
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://kubernetes.io/docs/concepts/storage/volumes/#hostpath',
    ],
  },
  run({ target }) {
    return podTemplates(target).flatMap((template) =>
      listAt(template.spec, 'volumes').flatMap((volume, index) => {
        if (!isRecord(volume) || !isRecord(volume.hostPath)) return [];
        const name = stringAt(volume, 'name') ?? '';
        const path = stringAt(volume.hostPath, 'path') ?? '';
        const place = placeOf(path);
        const steps = [...template.specPath, 'volumes', index, 'hostPath', 'path'];
        // Whoever may open a socket may write to it: readOnly says nothing there.
        const access = place === 'socket' ? '' : accessText(template, name);
        const data = { volume: name, path, ...(place !== 'socket' && { access }) };
        return [draftAt(template.object, steps, place, { data })];
      }),
    );
  },
};

function accessText({ containers }: PodTemplate, volume: string): string {
  const writer = containers.find(({ value }) =>
    listAt(value, 'volumeMounts').some(
      (mount) => isRecord(mount) && stringAt(mount, 'name') === volume && mount.readOnly !== true,
    ),
  );
  return writer ? `, and container ${writer.name} may write to it` : '';
}
