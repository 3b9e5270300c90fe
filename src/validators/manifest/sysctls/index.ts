import type { Check } from '../../../core/check.ts';
import { draftAt } from '../finding.ts';
import type { ManifestSet } from '../load.ts';
import { listAt, stringAt } from '../read.ts';
import { contextOf } from '../security-context.ts';
import { podTemplates } from '../workloads.ts';

/** What the baseline takes, with the minor version since which it does: `check_sysctls.go` of Kubernetes. */
const safe: Readonly<Record<string, number>> = {
  'kernel.shm_rmid_forced': 0,
  'net.ipv4.ip_local_port_range': 0,
  'net.ipv4.tcp_syncookies': 0,
  'net.ipv4.ping_group_range': 0,
  'net.ipv4.ip_unprivileged_port_start': 0,
  'net.ipv4.ip_local_reserved_ports': 27,
  'net.ipv4.tcp_keepalive_time': 29,
  'net.ipv4.tcp_fin_timeout': 29,
  'net.ipv4.tcp_keepalive_intvl': 29,
  'net.ipv4.tcp_keepalive_probes': 29,
  'net.ipv4.tcp_rmem': 32,
  'net.ipv4.tcp_wmem': 32,
  'net.ipv4.tcp_slow_start_after_idle': 37,
  'net.ipv4.tcp_notsent_lowat': 37,
};

/** Pods set only kernel parameters that are theirs alone. */
export const check: Check<ManifestSet> = {
  id: 'manifest/sysctls',
  title: 'Pods set safe kernel parameters only',
  severity: 'error',
  critical: true,
  item: 'least-privilege',
  appliesTo: 'manifestSet',
  meta: {
    why: 'A kernel parameter that is not on the list may hold for the whole node or take its memory, and a kubelet that was not told to take it refuses the pod.',
    messages: {
      unsafe: '{{kind}} {{name}} sets {{sysctl}}, which is not safe',
      later: '{{kind}} {{name}} sets {{sysctl}}, which is safe from Kubernetes {{version}} on only',
    },
    remediation:
      'Remove the parameter, or set it on nodes that are kept for such pods. Some are safe from a later version of Kubernetes on.',
    bad: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: net.core.somaxconn
        value: "1024"
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [{ messageId: 'unsafe', line: 8, column: 15 }],
    },
    good: {
      language: 'yaml',
      text: `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  securityContext:
    sysctls:
      - name: net.ipv4.ip_unprivileged_port_start
        value: "80"
  containers:
    - name: web
      image: registry.example/web:1.4.2
`,
      findings: [],
    },
    references: [
      'https://kubernetes.io/docs/concepts/security/pod-security-standards/#baseline',
      'https://kubernetes.io/docs/tasks/administer-cluster/sysctl-cluster/',
    ],
  },
  async run({ target }) {
    const set = podTemplates(target).flatMap(({ object, spec, specPath }) =>
      listAt(contextOf(spec), 'sysctls').flatMap((entry, index) => {
        // The API server takes a slash for a dot.
        const sysctl = stringAt(entry, 'name')?.replaceAll('/', '.');
        const path = [...specPath, 'securityContext', 'sysctls', index, 'name'];
        return sysctl === undefined ? [] : [{ object, path, sysctl }];
      }),
    );
    if (set.length === 0) return [];
    const { minorRangeOf } = await import('../kube-targets.ts');
    const { oldest } = await minorRangeOf(target);
    return set.flatMap(({ object, path, sysctl }) => {
      const since = Object.hasOwn(safe, sysctl) ? (safe[sysctl] ?? 0) : undefined;
      if (since !== undefined && since <= oldest) return [];
      const data = { kind: object.kind, name: object.name, sysctl };
      return since === undefined
        ? [draftAt(object, path, 'unsafe', { data })]
        : [draftAt(object, path, 'later', { data: { ...data, version: `1.${since}` } })];
    });
  },
};
