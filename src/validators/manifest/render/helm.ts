import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { join as joinShown } from 'node:path/posix';
import { Fault } from '../../../core/fault.ts';
import { createReader } from '../documents.ts';
import { type ParsedFile, parseSource, repositioned } from '../parse.ts';
import { failureOf } from './failure.ts';
import type { HelmChart, Rendered, RenderSystems } from './template.ts';
import { templatePositions } from './template-lines.ts';

/**
 * What `helm template` makes of a chart, its CRDs with it and its tests without. Nothing is fetched:
 * dependencies have to be in the chart (https://helm.sh/docs/helm/helm_template/).
 * @throws Fault `tool-missing`, `manifests-not-rendered`
 */
export async function renderHelm(chart: HelmChart, systems: RenderSystems): Promise<Rendered> {
  const { processes, root, kubeVersion, signal } = systems;
  const args = [
    ...['template', chart.release, chart.chart, '--include-crds', '--skip-tests'],
    ...chart.values.map((file) => `--values=${file}`),
    ...Object.entries(chart.set).map(([path, value]) => `--set=${path}=${value}`),
    ...(chart.namespace === undefined ? [] : [`--namespace=${chart.namespace}`]),
    ...(kubeVersion === undefined ? [] : [`--kube-version=${kubeVersion}`]),
  ];
  const { exitCode, stdout, stderr } = await processes.run('helm', args, { cwd: root, signal });
  if (exitCode !== 0) {
    throw new Fault('manifests-not-rendered', `${chart.chart}: helm: ${failureOf(stderr)}`);
  }
  const read = createReader();
  const parsed: ParsedFile[] = [];
  for (const { source, text } of piecesOf(stdout)) {
    const path = shownPath(chart.chart, source);
    const file = parseSource({ path, bytes: Buffer.from(text) }, read);
    const template = await readFile(join(root, path), 'utf8').catch(() => '');
    parsed.push(repositioned(file, templatePositions(text, template)));
  }
  return { parsed, text: stdout };
}

interface Piece {
  /** As helm says it: the name of the chart, and a path in it. */
  readonly source: string;
  readonly text: string;
}

const sourceLine = /^# Source: (.+)$/m;

/** Every document of helm's output comes with the template it was made of. */
function piecesOf(output: string): Piece[] {
  return output
    .split(/^---\s*$/m)
    .filter((text) => text.trim() !== '')
    .map((text) => ({ source: sourceLine.exec(text)?.[1]?.trim() ?? '', text }));
}

/** The first folder that helm names is the name of the chart, whatever its folder is called. */
function shownPath(chart: string, source: string): string {
  const [, ...inChart] = source.split('/');
  return joinShown(chart, ...inChart);
}
