import type { KubeObject } from '../adapters/kube/kube.ts';
import { canonicalJson } from '../core/canonical.ts';
import { formatPath, isRecord, type Path, recordAt } from '../validators/manifest/read.ts';
import type { FieldChange } from './observation.ts';

/** Fields that the server or a controller fills in, one way here and another there. */
const allocated: readonly RegExp[] = [
  /^(status|apiVersion)$/,
  /^metadata\.(managedFields|uid|resourceVersion|generation|creationTimestamp|selfLink|namespace|finalizers|ownerReferences)$/,
  /^metadata\.annotations\['(kubectl\.kubernetes\.io\/last-applied-configuration|deployment\.kubernetes\.io\/revision|deprecated\.daemonset\.template\.generation|pv\.kubernetes\.io\/.*|volume\.kubernetes\.io\/.*|volume\.beta\.kubernetes\.io\/.*|batch\.kubernetes\.io\/.*)'\]$/,
  /^spec\.(clusterIPs?|healthCheckNodePort|ipFamilies|ipFamilyPolicy|volumeName|nodeName)$/,
  /^spec\.ports\[.*\]\.nodePort$/,
  /^(spec\.selector\.matchLabels|spec\.template\.metadata\.labels)(\.|\[')(batch\.kubernetes\.io\/)?(controller-uid|job-name)('\])?$/,
  /^secrets$/,
];

/** Of a list of maps, the field that tells one from another. */
const mergeKeys = [
  'name',
  'mountPath',
  'containerPort',
  'port',
  'key',
  'topologyKey',
  'host',
  'ip',
];

/**
 * How the release would change an object.
 * @param live undefined when there is none
 * @param wanted as the server would store it, defaults filled in
 */
export function changesOf(live: KubeObject | undefined, wanted: KubeObject): FieldChange[] {
  if (live === undefined) return [];
  const secret = wanted.kind === 'Secret';
  const changes: FieldChange[] = [];
  const compare = (before: unknown, after: unknown, path: Path): void => {
    if (isAllocated(path)) return;
    const [left, right] = [keyed(before, after), keyed(after, before)];
    if (left && right) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        compare(left[key], right[key], [...path, key]);
      }
      return;
    }
    if (isEmpty(before, path) && isEmpty(after, path)) return;
    if (canonicalJson(before ?? null) === canonicalJson(after ?? null)) return;
    const masked = secret && (path[0] === 'data' || path[0] === 'stringData');
    changes.push({
      path: formatPath(path),
      before: shown(before, masked),
      after: shown(after, masked),
    });
  };
  compare(live, wanted, []);
  return changes;
}

/** A map as it is, and a list of maps by the field that names each; undefined for what is compared whole. */
function keyed(value: unknown, other: unknown): Readonly<Record<string, unknown>> | undefined {
  if (isRecord(value)) return value;
  if (value === undefined && isRecord(other)) return undefined;
  const lists = [value, other].filter((list) => list !== undefined);
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const key = mergeKeys.find((candidate) =>
    lists.every(
      (list) =>
        Array.isArray(list) &&
        list.every((entry) => isRecord(entry) && entry[candidate] !== undefined) &&
        new Set(list.map((entry) => recordAt(entry)[candidate])).size === list.length,
    ),
  );
  if (key === undefined) return undefined;
  return Object.fromEntries(value.map((entry) => [`${key}=${recordAt(entry)[key]}`, entry]));
}

/** Nothing, or nothing but what others fill in. */
function isEmpty(value: unknown, path: Path): boolean {
  if (value === undefined || value === null) return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).every((key) => isAllocated([...path, key]));
}

function isAllocated(path: Path): boolean {
  const text = formatPath(path);
  return allocated.some((pattern) => pattern.test(text));
}

const longest = 300;

function shown(value: unknown, masked: boolean): string | null {
  if (value === undefined) return null;
  if (masked) return '(masked)';
  const text = JSON.stringify(value);
  return text.length <= longest ? text : `${text.slice(0, longest)}…`;
}

/**
 * The dry run's answer with the rewrites taken back: where original and rewritten differ, the original
 * counts; everywhere else what the server made of it.
 */
export function unrewritten(answer: unknown, original: unknown, rewritten: unknown): unknown {
  if (isRecord(original) && isRecord(rewritten) && isRecord(answer)) {
    const keys = new Set([...Object.keys(answer), ...Object.keys(original)]);
    const entries = [...keys].flatMap((key): [string, unknown][] => {
      const added = !(key in original) && key in rewritten;
      if (added) return [];
      const kept = key in original || key in rewritten;
      const value = kept ? unrewritten(answer[key], original[key], rewritten[key]) : answer[key];
      return value === undefined ? [] : [[key, value]];
    });
    return Object.fromEntries(entries);
  }
  if (Array.isArray(original) && Array.isArray(rewritten) && Array.isArray(answer)) {
    if (original.length !== rewritten.length || original.length !== answer.length) return original;
    return answer.map((entry, at) => unrewritten(entry, original[at], rewritten[at]));
  }
  return canonicalJson(original) === canonicalJson(rewritten) ? answer : original;
}

const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/**
 * What `kubectl apply` would take away: it was in the manifest applied last and is not in this one. The
 * answer of a dry run under another name still has it.
 */
export function withoutAbandoned(
  answer: KubeObject,
  live: KubeObject,
  release: KubeObject,
): KubeObject {
  const text = live.metadata.annotations?.[lastApplied];
  if (text === undefined) return answer;
  const strip = (value: unknown, before: unknown, now: unknown): unknown => {
    if (Array.isArray(value) && Array.isArray(before) && Array.isArray(now)) {
      const named = (list: readonly unknown[], entry: unknown) =>
        list.find((other) => recordAt(other).name === recordAt(entry).name);
      if (value.some((entry) => recordAt(entry).name === undefined)) return value;
      return value
        .filter((entry) => !named(before, entry) || named(now, entry))
        .map((entry) => strip(entry, named(before, entry), named(now, entry)));
    }
    if (!isRecord(value) || !isRecord(before) || !isRecord(now)) return value;
    return Object.fromEntries(
      Object.entries(value).flatMap(([key, entry]): [string, unknown][] =>
        key in before && !(key in now) ? [] : [[key, strip(entry, before[key], now[key])]],
      ),
    );
  };
  try {
    const { apiVersion, kind, metadata } = answer;
    const spec = strip(answer, JSON.parse(text), release);
    return { ...(isRecord(spec) ? spec : {}), apiVersion, kind, metadata };
  } catch {
    return answer;
  }
}
