import type { FileConfig } from './schema.ts';

/** What applies where neither file, environment nor flag says otherwise. */
export const defaults = {
  version: 1,
  checklist: { evidenceMaxAge: '7d', waivers: 'deploycheck.waivers' },
  sla: { rollback: '30m', restore: '5m', rpo: '24h' },
  rules: { preset: 'default' },
} as const satisfies FileConfig;

/** Tools whose suppressions are understood. */
export const peers = [
  'kube-linter',
  'kube-score',
  'polaris',
  'hadolint',
  'buildkit',
  'dockle',
  'trivy',
] as const;
export type Peer = (typeof peers)[number];
