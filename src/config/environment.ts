import { resolve } from 'node:path';
import { Fault } from '../core/fault.ts';
import { nearest } from '../core/suggest.ts';
import type { Config, LoadedConfig } from './load.ts';

export interface Environment {
  readonly name: string;
  /** Kubernetes minor versions such as `1.34`. */
  readonly kubeVersions: readonly string[];
  /** Of the kubeconfig. */
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  /** A name under `databases`. */
  readonly database: string | undefined;
  /** Names under `buckets`. */
  readonly buckets: readonly string[];
  /** How a sandbox in this environment's cluster is kept apart. */
  readonly sandbox: NonNullable<Config['environments']>[string]['sandbox'];
}

/**
 * The environment a command works for: the one named, otherwise the first of the file.
 * @returns undefined when none is named and the file has none
 * @throws Fault `usage-invalid` for a name the file does not have
 */
export function environmentNamed(
  { value }: LoadedConfig,
  named: string | undefined,
): Environment | undefined {
  const environments = value.environments ?? {};
  const names = Object.keys(environments);
  const name = named ?? names[0];
  if (name === undefined) return undefined;
  const found = environments[name];
  if (found) {
    const missing = [
      ...(found.database === undefined || value.databases?.[found.database] ? [] : ['database']),
      ...(found.buckets ?? []).filter((bucket) => !value.buckets?.[bucket]).map(() => 'buckets'),
    ];
    if (missing[0] !== undefined) {
      throw new Fault(
        'config-invalid',
        `environments.${name}.${missing[0]} names what ${missing[0] === 'database' ? 'databases' : 'buckets'} does not have`,
      );
    }
    const { kubeVersion = [], context, namespace, database, buckets = [], sandbox } = found;
    const kubeVersions = [kubeVersion].flat();
    return { name, kubeVersions, context, namespace, database, buckets, sandbox };
  }
  const near = nearest(name, names);
  const hint = near ? `did you mean '${near}'?` : `there are: ${names.join(', ') || 'none'}`;
  throw new Fault(
    'usage-invalid',
    `there is no environment '${name}' in the configuration; ${hint}`,
  );
}

/** Absolute path of the allowed_signers file; undefined when none is configured. */
export function allowedSignersOf({ value, root }: LoadedConfig): string | undefined {
  const file = value.checklist.approvals?.allowedSigners;
  return file === undefined ? undefined : resolve(root, file);
}

/** How many approvals each role owes; one of role `release` when nothing is configured. */
export function rolesOf({ value }: LoadedConfig): Readonly<Record<string, number>> {
  return value.checklist.approvals?.roles ?? { release: 1 };
}
