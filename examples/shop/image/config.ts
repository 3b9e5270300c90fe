import type { Layer } from './layer.ts';
import type { Recipe } from './recipe.ts';

/** A fixed moment: the time of the build would give every build another digest. */
const created = '1970-01-01T00:00:00Z';

const node = '/usr/local/bin/node';
const second = 1_000_000_000;

const healthcheck = {
  Test: [
    'CMD',
    node,
    '-e',
    `fetch('http://127.0.0.1:8080/healthz')` +
      '.then((reply) => process.exit(reply.ok ? 0 : 1), () => process.exit(1))',
  ],
  Interval: 30 * second,
  Timeout: 3 * second,
  StartPeriod: 10 * second,
  Retries: 3,
};

/** The names that OCI images use, where they differ from those of Node.js. */
const architectures: Readonly<Record<string, string>> = { x64: 'amd64', ia32: '386' };

export const platform = {
  architecture: architectures[process.arch] ?? process.arch,
  os: 'linux',
};

/** The image config of an OCI image; Healthcheck is the extension that Docker made common. */
export function imageConfig(recipe: Recipe, revision: string, layers: readonly Layer[]): object {
  return {
    created,
    ...platform,
    config: {
      User: recipe.user,
      ExposedPorts: { '8080/tcp': {} },
      Env: ['PATH=/usr/local/bin', 'NODE_ENV=production', ...recipe.env],
      Entrypoint: [node, '/app/main.js'],
      WorkingDir: '/app',
      StopSignal: 'SIGTERM',
      ...(recipe.hasHealthcheck && { Healthcheck: healthcheck }),
      Labels: {
        'org.opencontainers.image.title': 'shop',
        'org.opencontainers.image.description': 'Orders in PostgreSQL, invoices in S3.',
        'org.opencontainers.image.version': recipe.version,
        ...(recipe.hasRevision && { 'org.opencontainers.image.revision': revision }),
        'org.opencontainers.image.source': 'https://example.com/shop',
        'org.opencontainers.image.licenses': 'Apache-2.0',
        'org.opencontainers.image.created': created,
      },
    },
    rootfs: { type: 'layers', diff_ids: layers.map(({ diffId }) => `sha256:${diffId}`) },
    history: layers.map(({ createdBy }) => ({ created, created_by: createdBy })),
  };
}
