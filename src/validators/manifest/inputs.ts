import { glob, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { join } from 'node:path/posix';
import type { FileConfig } from '../../config/schema.ts';
import { Fault } from '../../core/fault.ts';
import type { HelmChart, Template } from './render/template.ts';

/** How charts that are named by their folder are rendered. */
export interface HelmOptions {
  readonly values?: readonly string[] | undefined;
  readonly set?: Readonly<Record<string, string>> | undefined;
  readonly release?: string | undefined;
  readonly namespace?: string | undefined;
}

export interface Inputs {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly templates: readonly Template[];
}

type Service = NonNullable<FileConfig['services']>[number];

const defaultRelease = 'release';
const kustomizations = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];
const magic = /[*?[{]/;

/**
 * What a person named: patterns become the paths that fit, folders of charts and kustomizations what
 * has to be rendered.
 * @throws Fault `input-missing` for a pattern that nothing fits
 */
export async function inputsOf(
  named: readonly string[],
  root: string,
  helm: HelmOptions = {},
): Promise<Inputs> {
  const paths: string[] = [];
  const templates: Template[] = [];
  for (const path of await expanded(named, root)) {
    if (await isFile(root, path, 'Chart.yaml')) templates.push(chartOf(path, helm));
    else if (await isAny(root, path, kustomizations)) {
      templates.push({ kind: 'kustomize', folder: path });
    } else paths.push(path);
  }
  return { paths, templates };
}

const chartOf = (
  chart: string,
  { values = [], set = {}, release = defaultRelease, namespace }: HelmOptions,
): HelmChart => ({ kind: 'helm', chart, values, set, release, namespace });

/** What a service of the configuration is rendered from. */
export function templatesOf(
  service: Pick<Service, 'name' | 'helm' | 'kustomize'>,
  namespace: string | undefined,
): Template[] {
  const { name: release, helm, kustomize } = service;
  return [
    ...(helm ? [chartOf(helm.chart, { ...helm, release, namespace })] : []),
    ...(kustomize === undefined ? [] : [{ kind: 'kustomize' as const, folder: kustomize }]),
  ];
}

async function expanded(named: readonly string[], root: string): Promise<string[]> {
  const paths: string[] = [];
  for (const name of named) {
    if (!magic.test(name) || (await exists(root, name))) {
      paths.push(name);
      continue;
    }
    const found: string[] = [];
    for await (const path of glob(name, { cwd: root })) found.push(path);
    if (found.length === 0) throw new Fault('input-missing', `${name}: nothing fits this pattern`);
    paths.push(...found.sort());
  }
  return paths;
}

const exists = (root: string, path: string): Promise<boolean> =>
  stat(resolve(root, path)).then(
    () => true,
    () => false,
  );

const isFile = (root: string, ...path: string[]): Promise<boolean> =>
  stat(resolve(root, join(...path))).then(
    (info) => info.isFile(),
    () => false,
  );

async function isAny(root: string, folder: string, names: readonly string[]): Promise<boolean> {
  for (const name of names) if (await isFile(root, folder, name)) return true;
  return false;
}
