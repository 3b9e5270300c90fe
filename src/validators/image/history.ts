import { scanBytes } from '../secret/scan.ts';
import type { HistoryStep, ImageConfig } from './config.ts';

/** A step of the build, read from its line of the history. */
export interface Step extends HistoryStep {
  /** Index in the history. */
  readonly index: number;
  /** Index of the layer that it made; undefined when it made none, or when the history does not fit the layers. */
  readonly layer: number | undefined;
  /** `RUN`, `COPY` …; empty where the line does not tell. */
  readonly instruction: string;
  /** What follows, with the arguments of the build left out; it may hold a secret. */
  readonly rest: string;
  /** The step as a finding shows it: in one line, cut short, and not at all when it holds a credential. */
  readonly text: string;
}

/** The steps of a build, each with its layer: the n-th that is not empty made the n-th layer. */
export function stepsOf({
  history,
  diffIds,
}: Pick<ImageConfig, 'history' | 'diffIds'>): readonly Step[] {
  const filled = history.filter(({ emptyLayer }) => !emptyLayer).length;
  const fits = filled === diffIds.length;
  let layer = 0;
  return history.map((step, index) => {
    const read = readLine(step.createdBy);
    const made = fits && !step.emptyLayer ? layer++ : undefined;
    return { ...step, index, layer: made, ...read, text: shownText(step.createdBy, read) };
  });
}

type Line = Pick<Step, 'instruction' | 'rest'>;

/** How builders before BuildKit, BuildKit, and buildah write a step. */
function readLine(line: string): Line {
  const text = line.trim().replace(/\s*# buildkit$/, '');
  const nop = /^\/bin\/sh -c #\(nop\)\s+([A-Z]+)\s*(.*)$/s.exec(text);
  if (nop) return { instruction: nop[1] ?? '', rest: nop[2] ?? '' };
  const named = /^([A-Z]{3,11})(?:\s+(.*))?$/s.exec(text);
  if (named && instructions.has(named[1] ?? '')) {
    return { instruction: named[1] ?? '', rest: withoutArguments(named[2] ?? '') };
  }
  if (/^(?:\|\d+ |\/bin\/(?:ba)?sh -o? ?\w* ?-?c)/.test(text)) {
    return { instruction: 'RUN', rest: withoutArguments(text) };
  }
  return { instruction: '', rest: text };
}

const instructions = new Set(
  'ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR'.split(
    ' ',
  ),
);

/** `|2 A=1 B=2 /bin/sh -c …`: the values may be secret, and are not part of the command. */
function withoutArguments(text: string): string {
  const shell = /^\|\d+ .*?(\/bin\/\w*sh -.*)$/s.exec(text)?.[1] ?? text;
  return shell.replace(/^\/bin\/\w*sh (?:-\w+ )*-c /, '');
}

/** Characters of a step that a finding shows. */
const shown = 160;

function shownText(written: string, { instruction, rest }: Line): string {
  if (assignsSecret(rest) || scanBytes(written).hits.length > 0) {
    return `${instruction || 'a step'} that may hold a credential and is not shown`;
  }
  const line = `${instruction} ${rest}`.replace(/\s+/g, ' ').trim();
  return line.length > shown ? `${line.slice(0, shown - 1)}…` : line;
}

/** Carefully: what may be a credential is not shown, whatever image/secret says of it. */
function assignsSecret(text: string): boolean {
  return (
    /(?:pass|secret|token|key|credential|auth)\w*["']?\s*[=:]/i.test(text) ||
    /:\/\/[^\s/@]*:[^\s/@]*@/.test(text)
  );
}
