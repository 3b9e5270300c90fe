import { z } from 'zod';
import { presets } from '../core/check.ts';
import { behaviour, healthProbe } from './behaviour.ts';
import { peers } from './defaults.ts';
import { podSecurityExpected, podSecurityPattern } from './patterns.ts';
import { duration, externalObject, secretReference } from './scalars.ts';

const port = z.int().min(1).max(65_535);
const path = z.string().min(1).describe('a path, relative to deploycheck.yaml');

const folder = z.string().regex(/^\/./, 'a path in the container that starts with /');

const words = z
  .union([z.string(), z.array(z.string())])
  .describe('words, or a list of them, as a container is started with');

const runtime = z
  .strictObject({
    in: z
      .enum(['engine', 'cluster'])
      .optional()
      .describe(
        'where: the engine when not given, or pods of a temporary namespace of the environment',
      ),
    image: z
      .string()
      .min(1)
      .optional()
      .describe('what engine or nodes know the image by; that of the service when not given'),
    command: words.optional(),
    args: words.optional(),
    env: z
      .array(z.string().regex(/^[^=\s]+(=.*)?$/s, 'NAME, or NAME=VALUE of what is no secret'))
      .optional()
      .describe('variables; NAME alone is taken from where the checklist runs'),
    envFrom: path.optional().describe('variables, NAME=VALUE a line'),
    tmpfs: z.array(folder).optional().describe('empty folders that it may write to'),
    volumes: z.array(folder).optional().describe('folders that outlive a container'),
    memory: z.string().optional().describe('what it is to start within, such as 128Mi'),
    network: z.string().optional().describe('network of the engine; its bridge when not given'),
    ready: z
      .string()
      .optional()
      .describe('what shows that it started: health, http:PORT/PATH, log:TEXT, exit or settled'),
    readyTimeout: duration.optional(),
    settle: duration.optional().describe('how long it has to go on running'),
    grace: duration.optional().describe('how long it may take to end on SIGTERM'),
  })
  .refine(
    ({ in: place, network }) => place !== 'cluster' || network === undefined,
    'network is of the engine; environments.*.sandbox.allowEgress opens the namespace of pods',
  )
  .describe('has the checklist run the image under ever tighter settings');

const service = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'a name of letters, digits, dots, dashes')
      .describe('name of the service, once in the file'),
    image: z.string().min(1).describe('oci:PATH of an image layout, or an image reference'),
    base: z
      .string()
      .min(1)
      .optional()
      .describe('the image it is built on: findings say whose layer they are in'),
    against: z
      .string()
      .min(1)
      .optional()
      .describe('the release before, such as the tag of what runs: findings say what is new since'),
    structure: z
      .array(path)
      .min(1, 'at least one file')
      .optional()
      .describe('files of container-structure-test'),
    dockerfile: path.optional(),
    evidence: z
      .array(path)
      .optional()
      .describe(
        'files about the image, or patterns of them: scan reports, bills of materials, VEX, attestations',
      ),
    manifests: z.array(path).optional().describe('files and folders of Kubernetes manifests'),
    helm: z
      .strictObject({
        chart: path,
        values: z.array(path).optional(),
        set: z.record(z.string(), z.string()).optional(),
      })
      .optional(),
    kustomize: path.optional().describe('folder with a kustomization.yaml'),
    migrations: z
      .strictObject({
        dir: path,
        tool: z.string().optional().describe('migration tool, detected when absent'),
        command: z.string().optional().describe('command that applies the migrations'),
      })
      .optional(),
    contract: path.optional().describe('OpenAPI document'),
    health: z.array(healthProbe).optional(),
    behaviour: behaviour.optional(),
    runtime: runtime.optional(),
  })
  .describe('one deployable part of the release');

const matcher = z.union([
  z.strictObject({
    condition: z.string().min(1).describe('type of a condition'),
    status: z.enum(['True', 'False', 'Unknown']).optional().describe('default True'),
  }),
  z.strictObject({
    path: z.string().min(1).describe('dotted path into the object, such as status.phase'),
    values: z.array(z.union([z.string(), z.number(), z.boolean()])).min(1),
  }),
]);

const kubeVersion = z
  .string()
  .regex(/^1\.\d+$/, 'a Kubernetes minor version such as "1.34"')
  .describe('a Kubernetes minor version');

const environment = z.strictObject({
  context: z.string().optional().describe('kubeconfig context'),
  namespace: z.string().optional(),
  kubeVersion: kubeVersion
    .or(z.array(kubeVersion).min(1))
    .optional()
    .describe(
      'Kubernetes minor version of the cluster, or a list with the one it is going to have',
    ),
  database: z.string().optional().describe('a name from databases'),
  buckets: z.array(z.string()).optional().describe('names from buckets'),
  sandbox: z
    .strictObject({
      allowEgress: z
        .array(z.string())
        .optional()
        .describe('HOST[:PORT] or CIDR[:PORT] that pods of a simulation may reach'),
      canaryImage: z
        .string()
        .optional()
        .describe(
          'image with sh, nc and cat; its pod tries whether the cluster keeps pods in, and looks into containers without cat',
        ),
      inspect: z
        .boolean()
        .optional()
        .describe('whether processes are looked into and tighter settings are tried'),
      readiness: z
        .array(
          z.strictObject({
            group: z.string().min(1).describe('API group, such as cert-manager.io'),
            kind: z.string().min(1),
            ready: matcher.describe('when it is ready'),
            failed: matcher.optional().describe('when it never will be'),
          }),
        )
        .optional()
        .describe('for custom resources without a condition Ready'),
      sequential: z.boolean().optional().describe('one object after the other'),
    })
    .optional()
    .describe('how a simulation in this cluster is kept apart'),
});

const toolName = z
  .string()
  .regex(/^[A-Za-z0-9_][A-Za-z0-9_.-]*$/, 'a name of letters, digits, dots');

const tools = ['pgbackrest', 'barman', 'walg', 'cloudnativepg'] as const;

const externalBackups = z
  .strictObject({
    pgbackrest: z
      .strictObject({
        stanza: toolName,
        repo: z.int().positive().optional().describe('number of the only repository to look at'),
        config: path
          .optional()
          .describe('configuration file of pgBackRest, when not its usual one'),
      })
      .optional(),
    barman: z
      .strictObject({
        server: toolName,
        config: path.optional().describe('configuration file of Barman, when not its usual one'),
      })
      .optional(),
    walg: z.strictObject({ config: path.describe('configuration file of WAL-G') }).optional(),
    cloudnativepg: z
      .strictObject({ cluster: toolName, namespace: toolName })
      .optional()
      .describe('in the cluster that the context of the environment names'),
    scratch: path.optional().describe('folder that a rehearsal restores into; the temporary one'),
    programs: path.optional().describe('folder of the programs of the PostgreSQL server'),
    tables: z
      .array(z.string().regex(/^[^.]+\.[^.]+$/, 'a table as schema.name'))
      .optional()
      .describe('tables that a restored database must have; their rows are counted'),
  })
  .refine(
    (value) => tools.filter((tool) => value[tool] !== undefined).length === 1,
    `one of ${tools.join(', ')}`,
  )
  .describe('the tool that backs this database up, when deploycheck does not copy it itself');

const database = z.strictObject({
  url: secretReference.optional().describe('env: or file: reference to a connection URL'),
  service: z.string().optional().describe('service name of pg_service.conf'),
  env: z.string().optional().describe('environment variable that holds a connection URL'),
  schemas: z.array(z.string()).optional(),
  backups: externalBackups.optional(),
});

const bucket = z.strictObject({
  endpoint: z.string().describe('URL of the S3 endpoint, or env:NAME'),
  bucket: z.string(),
  prefix: z.string().optional(),
  credentials: z
    .strictObject({ accessKey: secretReference, secretKey: secretReference })
    .optional()
    .describe('env: or file: references; the AWS_* variables when not given'),
  references: z.array(z.string()).optional().describe('SQL that selects object keys from rows'),
  tags: z
    .boolean()
    .optional()
    .describe('whether tags of objects are backed up, at one request for each object'),
  versions: z
    .enum(['current', 'all'])
    .optional()
    .describe('all: every version and delete marker of every key is backed up'),
});

const kept = (what: string) =>
  z.int().nonnegative().optional().describe(`how many ${what} to keep`);

const retention = z
  .strictObject({
    last: kept('of the newest sets'),
    daily: kept('days, the newest set of each'),
    weekly: kept('weeks from Monday to Sunday, the newest set of each'),
    monthly: kept('months, the newest set of each'),
    within: duration.optional().describe('keep every set this much older than the newest'),
  })
  .describe('which sets `backup prune` keeps; days are those of UTC');

const ownItem = z
  .strictObject({ critical: z.boolean().optional().describe('true makes an item critical') })
  .describe('what changes about one of the twelve items');

const severity = z.enum(['error', 'warning', 'info']);

const glob = z.string().min(1).optional();

/**
 * `deploycheck.yaml`, version 1. The descriptions become the JSON Schema that editors show
 * (`deploycheck config schema`).
 */
export const configSchema = z
  .strictObject({
    version: z.literal(1).describe('version of this format'),
    services: z
      .array(service)
      .refine(
        (list) => new Set(list.map(({ name }) => name)).size === list.length,
        'every service to have a name of its own',
      )
      .optional(),
    environments: z.record(z.string(), environment).optional(),
    databases: z.record(z.string(), database).optional(),
    buckets: z.record(z.string(), bucket).optional(),
    repository: z
      .strictObject({
        url: z.string().regex(/^(file|s3):.+$/, 'file:PATH or s3:URL'),
        encryption: z
          .strictObject({
            recipients: z
              .array(z.string())
              .min(1, 'at least one recipient')
              .describe('public keys of age (age1…), any of which can decrypt a set'),
            nameKey: secretReference
              .optional()
              .describe(
                'env: or file: reference to what names of objects are made with; a file beside the runs when not given',
              ),
          })
          .optional()
          .describe('sets are written in plain when not given'),
        signing: z
          .strictObject({
            key: path
              .optional()
              .describe('SSH key that signs sets, or the .pub of one of the agent'),
            allowedSigners: path
              .optional()
              .describe('who may sign, as role:backup; that of checklist.approvals when not given'),
          })
          .optional()
          .describe('a set that nobody signed does not count when given'),
        retention: retention.optional(),
      })
      .optional()
      .describe('where backup sets live'),
    checklist: z
      .strictObject({
        items: z.record(z.string(), ownItem).optional(),
        evidenceMaxAge: duration.optional(),
        waivers: path.optional().describe('folder of signed waivers'),
        approvals: z
          .strictObject({
            roles: z
              .record(
                z.string(),
                z.int('a whole number of people').positive('at least one person of the role'),
              )
              .refine((roles) => Object.keys(roles).length > 0, 'at least one role, as release: 1')
              .optional()
              .describe('how many approvals each role owes'),
            allowedSigners: path.optional().describe('OpenSSH allowed_signers file'),
          })
          .optional(),
      })
      .optional(),
    sla: z
      .strictObject({
        rollback: duration.optional(),
        restore: duration.optional(),
        rpo: duration.optional(),
      })
      .optional(),
    load: z
      .strictObject({
        thresholds: z.record(z.string(), z.unknown()).optional(),
        profiles: z.record(z.string(), z.unknown()).optional(),
        engine: z.string().optional(),
      })
      .optional(),
    manifests: z
      .strictObject({
        crds: z
          .array(path)
          .optional()
          .describe(
            'files and folders of CustomResourceDefinitions that the cluster has from elsewhere',
          ),
        external: z
          .array(externalObject)
          .optional()
          .describe(
            'objects that manifests refer to and that exist elsewhere, as Kind/name or Kind/namespace/name; * stands for any text',
          ),
        podSecurity: z
          .string()
          .regex(podSecurityPattern, podSecurityExpected)
          .optional()
          .describe(
            'level of the Pod Security Standards for every namespace, such as restricted@v1.34',
          ),
        cluster: z
          .strictObject({
            ipFamilies: z
              .array(z.enum(['IPv4', 'IPv6']))
              .min(1)
              .max(2)
              .optional(),
            serviceCIDRs: z
              .array(z.union([z.cidrv4(), z.cidrv6()]))
              .min(1)
              .optional(),
            nodePorts: z.tuple([port, port]).optional().describe('first and last'),
            allowPrivileged: z.boolean().optional(),
          })
          .optional()
          .describe('what the API server is started with; what is left out is not judged'),
      })
      .optional(),
    rules: z
      .strictObject({
        preset: z.enum(presets).optional().describe('which rules are run'),
        enable: z
          .array(z.string())
          .optional()
          .describe('rule ids that are run beside those of the preset'),
        disable: z.array(z.string()).optional().describe('rule ids that are not run'),
        severity: z.record(z.string(), severity).optional(),
        options: z.record(z.string(), z.record(z.string(), z.unknown())).optional(),
        suppress: z
          .array(
            z.strictObject({
              rule: z.string().min(1).describe('rule id'),
              kind: glob.describe('glob over the kind of the object'),
              namespace: glob.describe(
                'glob over its namespace; only * fits an object that names none',
              ),
              name: glob.describe('glob over its name'),
              object: z
                .string()
                .regex(/^[^/]+(?:\/[^/]+){1,2}$/, 'Kind/name or Kind/namespace/name')
                .optional()
                .describe('Kind/name or Kind/namespace/name, each a glob'),
              path: glob.describe('glob over the file path, or over the path in an image'),
              owner: z
                .enum(['mine', 'base'])
                .optional()
                .describe('in an image, whose layer or step it is in'),
              reason: z.string().regex(/\S/, 'a reason'),
              until: z.iso
                .date()
                .or(z.iso.datetime())
                .optional()
                .describe('last day in UTC, or the moment it ends'),
            }),
          )
          .optional()
          .describe('findings that are listed apart and count for nothing'),
        baseline: path
          .optional()
          .describe('file of findings that were there before, as --write-baseline writes it'),
        peers: z
          .array(z.enum(peers))
          .optional()
          .describe('tools whose suppressions are understood; all of them when not given'),
        custom: z.array(path).optional().describe('ValidatingAdmissionPolicy files'),
      })
      .optional(),
    operations: z
      .strictObject({
        prometheus: z.string().optional(),
        dashboards: z.array(z.string()).optional(),
        runbooks: z.array(z.string()).optional(),
        window: z.string().optional().describe('change window'),
        freeze: z.string().optional(),
      })
      .optional(),
  })
  .describe('configuration of deploycheck');

export type FileConfig = z.infer<typeof configSchema>;
