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
  const ours = (folder: string) => async () =>
    measure([run, 'validate', 'manifests', folder, '--quiet', '--format', 'json'], home, home).wall;
  // They say no by their exit code, which is no failure here.
  const theirs = (program: string, args: readonly string[]) =>
    timed(() => execa(program, args, { cwd: home, reject: false, stdout: 'ignore' }));
  const on = `${files} files, ${4 * files} objects`;
  const names = Array.from({ length: files }, (_, at) => join(corpus, `${at}.yaml`));
  const { bytes } = await peakOf(home, { DEPLOYCHECK_HOME: home }, [
    ...['validate', 'manifests', corpus, '--quiet', '--format', 'json'],
  ]);
  const cold = Array.from(
    { length: 15 },
    () => measure([run, 'validate', 'manifests', few, '--quiet'], home, home).cpu,
  );
  return [
    await compare({
      what: '`deploycheck validate manifests`, all checks',
      against: '`kube-score score`',
      ...{ goal: 0.5, on, rounds },
      ours: ours(corpus),
      theirs: () => theirs(score, ['score', `--kubernetes-version=v${kubeVersion}`, ...names]),
    }),
    await compare({
      what: '`deploycheck validate manifests`, all checks',
      against: '`kubeconform -strict`, which looks at schemas alone',
      ...{ goal: 2, on, rounds },
      ours: ours(corpus),
      theirs: () =>
        theirs(conform, ['-strict', '-schema-location', join(schemas, template), corpus]),
    }),
    await compare({
      what: `the same with ${2 * files} files`,
      against: `with ${files}`,
      ...{ goal: 2.1, on: 'how the time grows', rounds },
      ours: ours(double),
      theirs: ours(corpus),
    }),
    {
      what: '`deploycheck validate manifests`, all checks',
      against: '512 MiB resident at most',
      ratio: bytes / (512 * mebibyte),
      goal: 1,
      detail: `${Math.round(bytes / mebibyte)} MiB; ${on}`,
    },
    {
      what: 'CPU time of `deploycheck validate manifests` with 50 files, from the start of the process',
      against: '0.35 s',
      ratio: median(cold) / 0.35,
      goal: 1,
      detail: `${median(cold).toFixed(2)} s, median of ${cold.length}`,
    },
  ];
}

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
