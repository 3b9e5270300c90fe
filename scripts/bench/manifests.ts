import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import type { Schema } from '../../src/validators/manifest/pool-file.ts';
import { readSchemaPool } from '../../src/validators/manifest/schema-pool.ts';
import { binaryFolder } from '../testbed/binaries.ts';
import { peakOf } from './peak.ts';
import { measure } from './process.ts';
import { compare, median, type Row, timed } from './row.ts';

const rounds = 5;
const mebibyte = 1024 * 1024;
const files = 2000;
const kubeVersion = '1.34';

/** All checks of manifests beside kube-score and kubeconform, on the same files. */
export async function ofManifests(home: string): Promise<Row[]> {
  const [corpus, double, few] = [
    await filled(home, 'corpus', files),
    await filled(home, 'double', 2 * files),
    await filled(home, 'few', 50),
  ];
  const score = await peer('kube-score');
  const conform = await peer('kubeconform');
  const schemas = await schemaFiles(home);
  const validation = (folder: string, flags: readonly string[]) => [
    ...['validate', 'manifests', folder, '--quiet', '--format', 'json', ...flags],
  ];
  const ours =
    (folder: string, ...flags: readonly string[]) =>
    async () =>
      measure([run, ...validation(folder, flags)], home, home).wall;
  // They say no by their exit code, which is no failure here.
  const theirs = (program: string, args: readonly string[]) =>
    timed(() => execa(program, args, { cwd: home, reject: false, stdout: 'ignore' }));
  const on = `${files} files, ${4 * files} objects`;
  const names = Array.from({ length: files }, (_, at) => join(corpus, `${at}.yaml`));
  const byScore = () => theirs(score, ['score', `--kubernetes-version=v${kubeVersion}`, ...names]);
  const byConform = () =>
    theirs(conform, ['-strict', '-schema-location', join(schemas, template), corpus]);
  const cold = (...flags: readonly string[]) =>
    Array.from({ length: 15 }, () => measure([run, ...validation(few, flags)], home, home).cpu);
  const without = cold(...noServerRules);
  const withRules = cold();
  const added = median(withRules) - median(without);
  const peaks: Row[] = [];
  for (const [what, flags] of [
    ['every rule, without those of the API server', [...noServerRules, ...every]],
    ['every rule, with those of the API server', every],
  ] as const) {
    const { bytes } = await peakOf(home, { DEPLOYCHECK_HOME: home }, validation(corpus, flags));
    peaks.push({
      what: `\`deploycheck validate manifests\`, ${what}`,
      against: '512 MiB resident at most',
      ratio: bytes / (512 * mebibyte),
      goal: 1,
      detail: `${Math.round(bytes / mebibyte)} MiB; ${on}`,
    });
  }
  return [
    await compare({
      what: '`deploycheck validate manifests`, the default rules without those of the API server',
      against: '`kube-score score`',
      ...{ goal: 0.5, on, rounds },
      ours: ours(corpus, ...noServerRules),
      theirs: byScore,
    }),
    await compare({
      what: '`deploycheck validate manifests`, every rule without those of the API server',
      against: '`kube-score score`',
      ...{ goal: 0.5, on, rounds },
      ours: ours(corpus, ...noServerRules, ...every),
      theirs: byScore,
    }),
    await compare({
      what: '`deploycheck validate manifests`, every rule and those of the API server',
      against: '`kube-score score`',
      ...{ goal: 1.5, on, rounds },
      ours: ours(corpus, ...every),
      theirs: byScore,
    }),
    await compare({
      what: '`deploycheck validate manifests`, the default rules without those of the API server',
      against: '`kubeconform -strict`, which looks at schemas alone',
      ...{ goal: 2, on, rounds },
      ours: ours(corpus, ...noServerRules),
      theirs: byConform,
    }),
    await compare({
      what: `every rule without those of the API server, with ${2 * files} files`,
      against: `with ${files}`,
      ...{ goal: 2.1, on: 'how the time grows', rounds },
      ours: ours(double, ...noServerRules, ...every),
      theirs: ours(corpus, ...noServerRules, ...every),
    }),
    await compare({
      what: `every rule and those of the API server, with ${2 * files} files`,
      against: `with ${files}`,
      ...{ goal: 2.1, on: 'how the time grows', rounds: 3 },
      ours: ours(double, ...every),
      theirs: ours(corpus, ...every),
    }),
    ...peaks,
    {
      what: 'CPU time of `deploycheck validate manifests` with 50 files, from the start of the process',
      against: '0.35 s',
      ratio: median(without) / 0.35,
      goal: 1,
      detail: `${median(without).toFixed(2)} s, median of ${without.length}; without the rules of the API server`,
    },
    {
      what: 'what the rules of the API server add to it',
      against: '0.6 s',
      ratio: added / 0.6,
      goal: 1,
      detail: `${added.toFixed(2)} s, on a thread of their own`,
    },
  ];
}

const noServerRules = ['--server-rules', 'off'];
const every = ['--preset', 'strict'];
const run = join(import.meta.dirname, '../../bin/run.js');

const peer = async (name: 'kube-score' | 'kubeconform'): Promise<string> =>
  join(await binaryFolder(name, (line) => process.stderr.write(`${line}\n`)), name);

async function filled(home: string, name: string, count: number): Promise<string> {
  const folder = join(home, name);
  await mkdir(folder);
  for (let at = 0; at < count; at++) await writeFile(join(folder, `${at}.yaml`), service(at));
  return folder;
}

/** What kubeconform looks for: one file a kind. */
const template = '{{.ResourceKind}}.json';

/** Schemas as kubeconform wants them, without references. */
async function schemaFiles(home: string): Promise<string> {
  const folder = join(home, 'schemas');
  await mkdir(folder);
  const api = (await readSchemaPool()).api(kubeVersion);
  const kinds = ['apps/v1/Deployment', 'v1/Service', 'v1/ServiceAccount'];
  for (const kind of [...kinds, 'policy/v1/PodDisruptionBudget']) {
    const name = api?.kinds.get(kind)?.schema ?? '';
    const inlined = (schema: Schema): Schema => {
      const reference = schema.$ref ?? schema.allOf?.[0]?.$ref;
      if (reference !== undefined) return inlined(api?.schema(reference) ?? {});
      const { properties, items, additionalProperties } = schema;
      return {
        ...schema,
        ...(properties && {
          properties: Object.fromEntries(
            Object.entries(properties).map(([key, value]) => [key, inlined(value)]),
          ),
          additionalProperties: false,
        }),
        ...(items && { items: inlined(items) }),
        ...(typeof additionalProperties === 'object' && {
          additionalProperties: inlined(additionalProperties),
        }),
      };
    };
    const text = JSON.stringify(inlined(api?.schema(name) ?? {}));
    await writeFile(join(folder, `${kind.split('/').at(-1)?.toLowerCase()}.json`), text);
  }
  return folder;
}

/** As a careful team writes it, so that no side is busy with findings. */
const service = (at: number): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: app-${at}
  namespace: shop
  labels: {app.kubernetes.io/name: app-${at}}
spec:
  replicas: 3
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${at}
  template:
    metadata:
      labels:
        app.kubernetes.io/name: app-${at}
    spec:
      serviceAccountName: app-${at}
      automountServiceAccountToken: false
      securityContext:
        runAsNonRoot: true
        seccompProfile:
          type: RuntimeDefault
      containers:
        - name: web
          image: registry.example.com/app-${at}:1.2.3
          ports:
            - name: http
              containerPort: 8080
          env:
            - name: LOG_LEVEL
              value: "info"
            - name: PORT
              value: "8080"
          resources:
            requests: {cpu: 100m, memory: 128Mi}
            limits:
              memory: 256Mi
          securityContext:
            allowPrivilegeEscalation: false
            readOnlyRootFilesystem: true
            capabilities:
              drop: ["ALL"]
          readinessProbe:
            httpGet:
              path: /readyz
              port: http
            periodSeconds: 5
          livenessProbe:
            httpGet: {path: /livez, port: http}
---
apiVersion: v1
kind: Service
metadata:
  name: app-${at}
  namespace: shop
spec:
  selector:
    app.kubernetes.io/name: app-${at}
  ports:
    - name: http
      port: 80
      targetPort: http
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: app-${at}
  namespace: shop
spec:
  minAvailable: 1
  selector:
    matchLabels:
      app.kubernetes.io/name: app-${at}
---
apiVersion: v1
kind: ServiceAccount
metadata:
  name: app-${at}
  namespace: shop
automountServiceAccountToken: false
`;
