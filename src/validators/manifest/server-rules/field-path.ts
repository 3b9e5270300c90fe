import { isRecord, type Path } from '../read.ts';

/** Where a field of an error stands in a value. */
export interface Place {
  /** Ends with the first step that the value does not have. */
  readonly path: Path;
  /** Whether the value has all of it. */
  readonly found: boolean;
}

/**
 * Reads a field path as the API server writes it, `spec.ports[0].name` or `metadata.labels[a.b/c]`. Keys
 * may hold dots, so the longest key that the value has at that place is taken.
 */
export function placeOf(field: string, value: unknown): Place {
  const path: (string | number)[] = [];
  let part = value;
  let rest = field;
  while (rest !== '') {
    const step = rest.startsWith('[') ? inBrackets(rest, part) : named(rest, part);
    path.push(step.key);
    const next = childOf(part, step.key);
    if (next === undefined) return { path, found: false };
    part = next;
    rest = step.rest.replace(/^\./, '');
  }
  return { path, found: true };
}

interface Step {
  readonly key: string | number;
  readonly rest: string;
}

function inBrackets(text: string, part: unknown): Step {
  const close = Array.isArray(part) ? text.indexOf(']') : closing(text, part);
  const content = text.slice(1, close === -1 ? undefined : close);
  const rest = close === -1 ? '' : text.slice(close + 1);
  return { key: Array.isArray(part) && /^\d+$/.test(content) ? Number(content) : content, rest };
}

/** The bracket that ends the longest key of the map, else the first. */
function closing(text: string, part: unknown): number {
  const keys = isRecord(part) ? Object.keys(part) : [];
  const longest = keys
    .filter((key) => text.startsWith(`[${key}]`))
    .reduce((found, key) => Math.max(found, key.length), -1);
  return longest === -1 ? text.indexOf(']') : longest + 1;
}

function named(text: string, part: unknown): Step {
  const keys = isRecord(part) ? Object.keys(part) : [];
  const [longest] = keys
    .filter(
      (key) => key !== '' && text.startsWith(key) && /^(?:$|[.[])/.test(text.slice(key.length)),
    )
    .sort((a, b) => b.length - a.length);
  const key = longest ?? /^[^.[]*/.exec(text)?.[0] ?? text;
  return { key, rest: text.slice(key.length) };
}

function childOf(part: unknown, key: string | number): unknown {
  if (Array.isArray(part)) return typeof key === 'number' ? part[key] : undefined;
  return isRecord(part) && Object.hasOwn(part, key) ? part[key] : undefined;
}

/**
 * The first part of a value that a path without list indexes can mean, as the server's reader writes
 * `spec.template.spec.containers.env.value`.
 */
export function firstPlaceOf(field: string, value: unknown): Place {
  const steps = field.split('.');
  const path: (string | number)[] = [];
  let part = value;
  for (const step of steps) {
    while (Array.isArray(part)) {
      const index = Math.max(
        0,
        part.findIndex((item) => isRecord(item) && Object.hasOwn(item, step)),
      );
      path.push(index);
      part = part[index];
    }
    path.push(step);
    part = childOf(part, step);
    if (part === undefined) return { path, found: false };
  }
  return { path, found: true };
}

/** Fields that the rules see elsewhere than manifests write them, by kind: https://github.com/kubernetes/api */
const moved: Readonly<Record<string, readonly (readonly [RegExp, string])[]>> = {
  CustomResourceDefinition: [
    [/^spec\.validation\b/, 'spec.versions[0].schema'],
    [/^spec\.(subresources|additionalPrinterColumns|selectableFields)\b/, 'spec.versions[0].$1'],
  ],
  HorizontalPodAutoscaler: [
    [/^spec\.metrics\[0\]\.resource\.target\b.*$/, 'spec.targetCPUUtilizationPercentage'],
  ],
};

/** In the server's own types these belong to the security context of the pod. */
const hostFields =
  /\bsecurityContext\.(hostNetwork|hostPID|hostIPC|hostUsers|shareProcessNamespace)\b/;

/** The path of a manifest for a path of the server's own types; the path itself when it is in the value. */
export function manifestField(field: string, kind: string, value: unknown): string {
  if (placeOf(field, value).found) return field;
  for (const [pattern, replacement] of [...(moved[kind] ?? []), [hostFields, '$1'] as const]) {
    const changed = field.replace(pattern, replacement);
    if (changed !== field && placeOf(changed, value).found) return changed;
  }
  return field;
}
