import { stringify } from 'yaml';
import { defaults } from './defaults.ts';
import type { Detected } from './detect.ts';

/** The commented `deploycheck.yaml` that `init` writes. What was not found stands as a comment. */
export function starterConfig(name: string, found: Detected): string {
  const [dockerfile] = found.dockerfiles;
  const [migrations] = found.migrations;
  const [contract] = found.contracts;
  const [chart] = found.charts;
  const [kustomize] = found.kustomizations;
  const plain = !chart && !kustomize;
  return [
    '# deploycheck: is this release ready to go out, and can it come back?',
    '# Paths are relative to this file. `deploycheck config schema` prints the format for editors.',
    'version: 1',
    '',
    'services:',
    `  - name: ${scalar(serviceName(name))}`,
    '    # oci:PATH is an OCI image layout (folder or tar), examined without an engine or registry.',
    `    image: ${scalar(found.image ?? 'oci:build/image')}`,
    optional('dockerfile', dockerfile, 'Dockerfile'),
    plain
      ? optional('manifests', found.manifests.length > 0 ? [...found.manifests] : undefined, [
          'deploy',
        ])
      : '    # manifests: ["deploy"]',
    ...(chart ? [optional('helm', { chart }, {})] : []),
    ...(kustomize && !chart ? [optional('kustomize', kustomize, '')] : []),
    optional('migrations', migrations, { dir: 'migrations' }),
    optional('contract', contract, 'openapi.yaml'),
    '    # What has to answer before the release counts as healthy.',
    '    # health: [{ path: /healthz, status: 200 }]',
    '',
    'environments:',
    '  production:',
    '    # context: production        # kubeconfig context',
    '    # namespace: default',
    '    kubeVersion: "1.37"          # minor version the manifests must be valid for; or a list',
    '',
    '# databases: { main: { env: DATABASE_URL } }   # never a password in this file',
    '# buckets: { files: { endpoint: env:S3_ENDPOINT, bucket: files } }',
    '# repository: { url: "file:/var/backups/deploycheck", retention: { daily: 7, weekly: 4 } }',
    '',
    'checklist:',
    `  evidenceMaxAge: ${defaults.checklist.evidenceMaxAge}`,
    '  approvals:',
    '    roles: { release: 1 }        # how many people of each role have to approve',
    '    # OpenSSH allowed_signers; a line `alice@example.com,role:release ssh-ed25519 AAAA…`',
    '    # lets that key sign as alice@example.com in the role release.',
    '    # allowedSigners: .github/allowed_signers',
    '',
    'sla:',
    `  rollback: ${defaults.sla.rollback}`,
    `  restore: ${defaults.sla.restore}`,
    `  rpo: ${defaults.sla.rpo}`,
    '',
    '# rules: { disable: [], severity: {}, options: {} }   # `deploycheck rules list` prints the ids',
    '',
    '# operations:',
    '#   runbooks: ["https://example.com/runbooks"]',
    ...notes(found),
    '',
  ].join('\n');
}

/** A folder may have any name; a service may not. */
function serviceName(folder: string): string {
  return folder.replaceAll(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '') || 'service';
}

function optional(key: string, value: unknown, sample: unknown): string {
  return value === undefined ? `    # ${key}: ${scalar(sample)}` : `    ${key}: ${scalar(value)}`;
}

function scalar(value: unknown): string {
  return stringify(value, {
    collectionStyle: 'flow',
    lineWidth: 0,
    flowCollectionPadding: true,
  }).trim();
}

function notes(found: Detected): string[] {
  const also = [
    ...found.dockerfiles.slice(1).map((path) => `Dockerfile ${path}`),
    ...found.charts.slice(1).map((path) => `chart ${path}`),
    ...found.composeFiles.map((path) => `compose file ${path}`),
    ...found.ciFiles.map((path) => `CI file ${path}`),
    ...found.contracts.slice(1).map((path) => `OpenAPI document ${path}`),
  ];
  return also.length === 0 ? [] : ['', '# Also found:', ...also.map((line) => `#   ${line}`)];
}
