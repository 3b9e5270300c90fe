import type { Kube } from '../../adapters/kube/kube.ts';
import type { BackupSystems } from '../systems.ts';
import type { ExternalBackups } from './external.ts';

/** Which tool keeps the backups of a database, and how they are tried. Paths are absolute. */
export interface ExternalRef {
  readonly tool:
    | {
        readonly kind: 'pgbackrest';
        readonly stanza: string;
        readonly repo: number | null;
        readonly config: string | null;
      }
    | { readonly kind: 'barman'; readonly server: string; readonly config: string | null }
    | { readonly kind: 'walg'; readonly config: string }
    | { readonly kind: 'cloudnativepg'; readonly cluster: string; readonly namespace: string };
  readonly scratch: string | null;
  readonly programs: string | null;
  readonly tables: readonly string[];
}

export interface ExternalSystems extends BackupSystems {
  /** The cluster of the environment. @throws Fault `kubeconfig-invalid`, `usage-invalid` */
  readonly openKube: () => Promise<Kube>;
}

/** Nothing is asked yet. @throws those of `openKube` */
export async function openExternal(
  { tool }: ExternalRef,
  { adapters, openKube }: Pick<ExternalSystems, 'adapters' | 'openKube'>,
): Promise<ExternalBackups> {
  switch (tool.kind) {
    case 'pgbackrest': {
      const { pgBackRest } = await import('./pgbackrest/pgbackrest.ts');
      return pgBackRest(tool, await adapters.processes());
    }
    case 'barman': {
      const { barman } = await import('./barman/barman.ts');
      return barman(tool, await adapters.processes());
    }
    case 'walg': {
      const { walG } = await import('./walg/walg.ts');
      return walG(tool, await adapters.processes());
    }
    case 'cloudnativepg': {
      const { cloudNativePg } = await import('./cloudnativepg/cloudnativepg.ts');
      return cloudNativePg(tool, await openKube());
    }
  }
}
