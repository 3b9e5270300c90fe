import { basename, dirname, join, resolve } from 'node:path';
import type { Preset } from '../core/check.ts';
import { type Digest, sha256 } from '../core/digest.ts';
import { Fault, messageOf, systemCode } from '../core/fault.ts';
import { readSmall } from '../core/read-small.ts';
import { defaults } from './defaults.ts';
import { leaves } from './leaves.ts';
import { durationPattern } from './patterns.ts';
import type { FileConfig } from './schema.ts';
import type { PathSegment, Position, YamlDocument } from './yaml-source.ts';

export const configFileName = 'deploycheck.yaml';

/** Where a value came from: shown by `deploycheck config show`. */
export type Origin = 'default' | 'environment' | `${string}:${number}`;

type Section<K extends keyof FileConfig> = NonNullable<FileConfig[K]>;

/** The file with every default filled in. */
export interface Config extends FileConfig {
  readonly checklist: Section<'checklist'> & { evidenceMaxAge: string; waivers: string };
  readonly sla: { rollback: string; restore: string; rpo: string };
  readonly rules: Section<'rules'> & { preset: Preset };
}

export interface LoadedConfig {
  readonly value: Config;
  /** Absolute path of the file, or null when there is none and defaults apply. */
  readonly file: string | null;
  /** Digest of the bytes that were parsed; null when there is no file. */
  readonly digest: Digest | null;
  /** Folder that relative paths start from. */
  readonly root: string;
  /** Origin of every leaf, by dotted path. */
  readonly origins: ReadonlyMap<string, Origin>;
  /** Where a part of the file stands; undefined without a file. */
  readonly locate?: (path: readonly PathSegment[]) => Position & { readonly file: string };
}

const maxBytes = 1024 * 1024;

/**
 * Layers, later wins: defaults, deploycheck.yaml, and the environment variables
 * `DEPLOYCHECK_SLA_ROLLBACK`, `DEPLOYCHECK_SLA_RESTORE`, `DEPLOYCHECK_SLA_RPO`.
 * @param named the `--config` flag; without it the file is looked for in `folder`.
 * @throws Fault `config-missing`, `config-invalid`
 */
export async function loadConfig(options: {
  readonly folder: string;
  readonly named?: string | undefined;
  readonly env: Readonly<Record<string, string | undefined>>;
}): Promise<LoadedConfig> {
  const file = resolve(options.folder, options.named ?? configFileName);
  const text = await readConfigText(file);
  if (text === undefined) {
    if (options.named !== undefined)
      throw new Fault('config-missing', `${options.named} is not there`);
    const none = { file: null, digest: null, own: {}, document: undefined };
    return layered({ ...none, root: options.folder }, options.env);
  }
  const shown = options.named ?? basename(file);
  // Most runs of single steps have no file, and what reads one takes longer to load than many a step.
  const { parseConfig } = await import('./parse.ts');
  const { own, document } = parseConfig(text, shown);
  const digest = sha256(text);
  return layered({ file, digest, root: dirname(file), own, document, shown }, options.env);
}

/** The same, for commands that cannot work without a file. */
export function requireFile(config: LoadedConfig): LoadedConfig & { readonly file: string } {
  if (config.file === null) {
    throw new Fault('config-missing', `no ${configFileName} in ${config.root}`);
  }
  return { ...config, file: config.file };
}

async function readConfigText(file: string): Promise<string | undefined> {
  try {
    return (await readSmall(file, maxBytes)).toString('utf8');
  } catch (error) {
    if (systemCode(error) === 'ENOENT') return undefined;
    throw new Fault('config-invalid', `${file} cannot be read: ${messageOf(error)}`, {
      cause: error,
    });
  }
}

interface Layers {
  readonly file: string | null;
  readonly digest: Digest | null;
  readonly root: string;
  readonly own: Partial<FileConfig>;
  readonly document: YamlDocument | undefined;
  readonly shown?: string;
}

function layered(layers: Layers, env: Readonly<Record<string, string | undefined>>): LoadedConfig {
  const origins = new Map<string, Origin>();
  for (const { path } of leaves(defaults)) origins.set(path.join('.'), 'default');
  const value = {
    ...defaults,
    ...layers.own,
    checklist: {
      ...layers.own.checklist,
      evidenceMaxAge: layers.own.checklist?.evidenceMaxAge ?? defaults.checklist.evidenceMaxAge,
      waivers: layers.own.checklist?.waivers ?? defaults.checklist.waivers,
    },
    sla: {
      rollback: layers.own.sla?.rollback ?? defaults.sla.rollback,
      restore: layers.own.sla?.restore ?? defaults.sla.restore,
      rpo: layers.own.sla?.rpo ?? defaults.sla.rpo,
    },
    rules: { ...layers.own.rules, preset: layers.own.rules?.preset ?? defaults.rules.preset },
  };
  for (const { path } of leaves(layers.own)) {
    const line = layers.document?.locate(path).line ?? 1;
    origins.set(path.join('.'), `${layers.shown ?? configFileName}:${line}`);
  }
  const sla = { ...value.sla };
  for (const key of ['rollback', 'restore', 'rpo'] as const) {
    const name = `DEPLOYCHECK_SLA_${key.toUpperCase()}`;
    const given = env[name];
    if (given === undefined) continue;
    if (!durationPattern.test(given)) {
      throw new Fault('config-invalid', `${name}: '${given}' is not a duration such as 30m`);
    }
    sla[key] = given;
    origins.set(`sla.${key}`, 'environment');
  }
  const { file, digest, root, document, shown = configFileName } = layers;
  return {
    ...{ value: { ...value, sla }, file, digest, root, origins },
    ...(document && { locate: (path) => ({ file: shown, ...document.locate(path) }) }),
  };
}

/** Path of the run folder: `DEPLOYCHECK_HOME`, or `.deploycheck` beside the configuration. */
export function homeFolder(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): string {
  return env.DEPLOYCHECK_HOME || join(root, '.deploycheck');
}
