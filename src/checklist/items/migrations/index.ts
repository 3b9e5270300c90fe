import { type Item, pending } from '../../item.ts';

/** Up and down were tried on real rows before anybody needs them. */
export const item: Item = {
  n: 8,
  id: 'migrations',
  title: 'Migrations safe both ways',
  critical: true,
  looksAt: ['migrationSet'],
  async run({ targets }) {
    const loaded = await targets.load('migrationSet');
    const broken = loaded.find((entry) => entry.fault !== undefined);
    if (broken?.fault) {
      return { status: 'error', pendingOn: null, reason: broken.fault.message, evidence: [] };
    }
    return pending(
      'evidence',
      'up and down were not rehearsed; this version has no scratch database to try them on',
    );
  },
};
