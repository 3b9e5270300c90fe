import { beforeAll, expect, it } from 'vitest';
import type { Finding } from '../../../core/finding.ts';
import { imageOfRecipe } from '../../image/recipe.ts';
import { targetOfExample } from '../../manifest/examples.ts';
import { checks } from '../../registry.ts';
import { examine } from '../testing.ts';
import { peerChecks } from './checks.ts';
import { type Counterpart, fitsCounterpart } from './counterparts.ts';

const filtered = Object.entries(peerChecks).flatMap(([peer, table]) =>
  Object.entries<readonly Counterpart[]>(table).flatMap(([name, counterparts]) =>
    counterparts
      .filter(({ at, says }) => at !== undefined || says !== undefined)
      .map((counterpart) => ({ name: `${peer} ${name}`, counterpart })),
  ),
);
const wanted = new Set(filtered.map(({ counterpart }) => counterpart.rule));

/** What the examples of the rules do not show. */
const more = `apiVersion: v1
kind: Service
metadata: { name: web, labels: { app: b/c } }
spec:
  type: NodePort
  selector: { app: web }
  ports: [{ port: 80, targetPort: not_good }]
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: default }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  replicas: 3
  strategy: { type: Recreate }
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      hostIPC: true
      hostNetwork: true
      restartPolicy: Never
      automountServiceAccountToken: true
      priorityClassName: first
      securityContext: { runAsUser: 20000, runAsGroup: 0 }
      topologySpreadConstraints: [{ maxSkew: 0, topologyKey: zone, whenUnsatisfiable: ScheduleAnyway }]
      containers:
        - name: web
          image: registry.example/web:1.4.2
          env:
            - { name: MODE, valueFrom: { configMapKeyRef: { name: settings, key: mode } } }
            - { name: DB_PASSWORD, value: vN9xQ2mK4pT7 }
          ports: [{ name: web, containerPort: 8080 }, { name: web, containerPort: 8081 }, { name: none }]
          resources: { requests: { ephemeral-storage: 1Gi } }
          securityContext: { capabilities: { drop: [ALL], add: [NET_RAW, SYS_ADMIN] } }
          readinessProbe: { httpGet: { port: health } }
          livenessProbe: { httpGet: { port: health } }
          startupProbe: { httpGet: { port: health } }
      volumes:
        - { name: runtime, hostPath: { path: /var/run/docker.sock } }
        - { name: etc, hostPath: { path: /etc } }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: settings }
data: { password: vN9xQ2mK4pT7 }
---
apiVersion: extensions/v1beta1
kind: Deployment
metadata: { name: old }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: api }
spec:
  replicas: 2
  strategy: { rollingUpdate: { maxUnavailable: 100% } }
  selector: { matchLabels: { app: api } }
  template:
    metadata: { labels: { app: api } }
    spec:
      securityContext: { sysctls: [{ name: vm.max_map_count, value: "262144" }] }
      containers:
        - name: api
          image: registry.example/api:stable
          envFrom: [{ configMapRef: { name: api } }]
          resources: { requests: { memory: 1Gi } }
---
apiVersion: v1
kind: Service
metadata: { name: api }
spec: { type: LoadBalancer, selector: { app: shell }, ports: [{ port: 22, targetPort: 22 }] }
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: { name: api }
spec: { targetRef: { apiVersion: apps/v1, kind: Deployment, name: apis } }
---
apiVersion: monitoring.coreos.com/v1
kind: PodMonitor
metadata: { name: shop }
spec: { selector: { matchLabels: { app: shop } }, podMetricsEndpoints: [{ port: web }] }
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: api }
spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: api } }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: api }
spec: { maxUnavailable: 0, selector: { matchLabels: { app: api } } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: api }
spec:
  podSelector: { matchLabels: { app: api } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: shop } } }] }]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: web }
spec: { rules: [{ host: shop.example }], defaultBackend: { service: { name: web, port: { number: 80 } } } }
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: report }
spec: { schedule: "0 4 * * *" }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: operator }
rules:
  - { apiGroups: [certificates.k8s.io], resources: [signers], verbs: [approve] }
  - { apiGroups: [""], resources: [users], verbs: [impersonate] }
  - { apiGroups: [apps], resources: [deployments], verbs: [update] }
  - { apiGroups: [""], resources: [pods/portforward], verbs: [create] }
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: reader }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: reader }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: User, name: ada, apiGroup: rbac.authorization.k8s.io }]
`;

const file = (path: string, content = 'x', mode = '0644') => ({ path, content, mode });
const passwd = 'root::0:0::/:/bin/sh\ntoor:x:0:0::/:/bin/sh\napp:x:7:7::/:/bin/sh\n';

/** Images that give the findings of codes of dockle, and others of the same rules. */
const images = [
  {
    config: {
      User: 'app',
      Volumes: { '/etc': {}, data: {} },
      Healthcheck: { Test: ['CMD', 'no'] },
    },
    layers: [
      [
        file('etc/passwd', passwd),
        file('bin/su', 'x', '4755'),
        { ...file('bin/ping', 'x', '0755'), capability: true },
        file('app/Dockerfile'),
        file('root/.docker/config.json'),
        file('var/lib/apt/lists/a'),
      ],
      [file('var/cache/apk/a')],
      [file('a')],
      [file('b')],
    ],
    history: [
      { created_by: '/bin/sh -c apt-get update' },
      { created_by: '/bin/sh -c apk upgrade' },
      { created_by: '/bin/sh -c sudo make' },
      { created_by: 'ADD app.tar /' },
    ],
  },
  { config: {} },
];

const shown = { language: 'yaml', beside: { emptyCluster: true }, findings: [] } as const;

/** Without these the rules do not ask it. */
const options = {
  'manifest/cpu-limit': { want: 'required' },
  'manifest/owner-labels': { labels: ['owner'], annotations: ['email'] },
  'manifest/priority-class': { allow: ['low'] },
};

let findings: readonly Finding[];
beforeAll(async () => {
  const examples = checks.flatMap((check) =>
    wanted.has(check.id) && check.appliesTo === 'manifestSet' ? [check] : [],
  );
  const runs = await Promise.all(
    examples.map(async ({ id, meta: { bad } }) => {
      const { run } = await examine(await targetOfExample(bad), {
        only: [id],
        rules: { preset: 'strict', options: { [id]: bad.options ?? {} } },
      });
      return run.findings;
    }),
  );
  const target = await targetOfExample({ ...shown, text: more });
  const { run } = await examine(target, {
    only: [...wanted],
    rules: { preset: 'strict', options },
  });
  const ofImages = await Promise.all(
    images.map(async (recipe) => {
      const image = await imageOfRecipe(JSON.stringify(recipe));
      return (await examine(image, { only: [...wanted], rules: { preset: 'strict' } })).run
        .findings;
    }),
  );
  findings = [...runs.flat(), ...run.findings, ...ofImages.flat()];
}, 60_000);

const named = ({ name, counterpart: { rule } }: (typeof filtered)[number]) => `${name} ${rule}`;
const ofRule = (rule: string) => findings.filter(({ check }) => check === rule);

it('fit findings of their rule as they are worded', () => {
  const idle = filtered.filter(
    ({ counterpart }) =>
      !ofRule(counterpart.rule).some((finding) => fitsCounterpart(counterpart, finding)),
  );
  expect(idle.map(named)).toEqual([]);
});

it('leave other findings of their rule', () => {
  const needless = filtered.filter(({ counterpart }) =>
    ofRule(counterpart.rule).every((finding) => fitsCounterpart(counterpart, finding)),
  );
  expect(needless.map(named)).toEqual([]);
});
