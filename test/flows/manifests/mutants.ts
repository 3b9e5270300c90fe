import type { NewKubeObject } from '../../../src/adapters/kube/object.ts';

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export interface Mutant {
  readonly object: NewKubeObject;
  /** What it was made of. */
  readonly base: NewKubeObject;
  /** What was changed, for a report. */
  readonly how: string;
}

interface Spot {
  readonly holder: Json[] | { [key: string]: Json };
  readonly key: number | string;
  readonly path: string;
}

/** Names and words that rules draw lines between; some are taken in most places, some in none. */
const words = [
  '',
  'b',
  'web2',
  'a-b',
  'a.b',
  'a_b',
  'A',
  '-a',
  'a b',
  'a/b',
  '9',
  'example.org/x',
  'TCP',
  'UDP',
  'SCTP',
  'ICMP',
  'Always',
  'Never',
  'None',
  '10',
  '1Gi',
  '100m',
  '50%',
  '-1',
  '192.0.2.7',
  '2001:db8::1',
  '192.0.2.0/28',
  '300.1.1.1',
  'ClusterIP',
  'NodePort',
  'ExternalName',
  'In',
  'Exists',
  'Delete',
  'Fail',
  'Ignore',
  '/',
  '/a/../b',
  'true',
  '*',
  'a'.repeat(15),
  'a'.repeat(16),
  'a'.repeat(63),
  'a'.repeat(64),
  'a'.repeat(254),
];
const numbers = [
  -1, 0, 1, 2, 3, 5, 30, 80, 100, 101, 1023, 65_535, 65_536, 2_147_483_647, 2_147_483_648, 1.5,
];

/** Words that keep most manifests good, for fields that hold free text. */
const mild = ['b', 'web2', 'a-b', 'c3'];

/** A manifest with one or two parts changed; the same numbers give the same mutant. */
export function mutantOf(bases: readonly NewKubeObject[], random: () => number): Mutant {
  const base = pick(bases, random);
  const object = structuredClone(base);
  const gentle = random() < 0.35;
  const times = !gentle && random() < 0.2 ? 2 : 1;
  const done: string[] = [];
  for (let at = 0; at < times; at += 1)
    done.push(gentle ? soften(object, random) : harden(object, random));
  return { object, base, how: `${base.apiVersion} ${base.kind}: ${done.join('; ')}` };
}

function harden(object: NewKubeObject, random: () => number): string {
  const { holder, key, path } = pick(spotsOf(object), random);
  const value = valueAt(holder, key);
  const put = (next: Json): string => {
    if (Array.isArray(holder)) holder[Number(key)] = next;
    else holder[key] = next;
    return `${path} = ${JSON.stringify(next).slice(0, 40)}`;
  };
  const roll = random();
  if (roll < 0.15) {
    if (Array.isArray(holder)) holder.splice(Number(key), 1);
    else delete holder[key];
    return `${path} left out`;
  }
  if (roll < 0.2) return put(pick<Json>([null, [], {}, 'text', 7, true], random));
  if (Array.isArray(value)) {
    if (roll < 0.6 && value.length > 0) return put([...value, structuredClone(value[0] ?? null)]);
    return put([]);
  }
  if (value !== null && typeof value === 'object') {
    if (roll < 0.35) return put({});
    const name = pick(['unknown', 'name', 'a/b', 'Key', 'key', 'cpu', 'type'], random);
    return put({ ...value, [name]: pick<Json>([...words.slice(0, 12), 1], random) });
  }
  if (typeof value === 'number') return put(pick(numbers, random));
  if (typeof value === 'boolean') return put(!value);
  return put(pick(words, random));
}

/** Changes what is most often free: names, labels, annotations, counts, optional parts. */
function soften(object: NewKubeObject, random: () => number): string {
  const spots = spotsOf(object);
  const free = spots.filter(({ path, holder, key }) => {
    const value = valueAt(holder, key);
    return (
      /annotations\.|\.description$|\.message$|\.args\[|\.env\[\d\]\.value$|^data\.|\.image$/.test(
        path,
      ) && typeof value === 'string'
    );
  });
  const optional = spots.filter(({ path }) =>
    /(?:Probe|lifecycle|resources|tolerations|affinity|hostAliases|annotations|securityContext|envFrom|topologySpreadConstraints|behavior|immutable|minReadySeconds|dnsPolicy|imagePullPolicy|reclaimPolicy|subresources|additionalPrinterColumns)$/.test(
      path,
    ),
  );
  const counts = spots.filter(
    ({ holder, key }) =>
      typeof valueAt(holder, key) === 'number' &&
      /(?:replicas|Seconds|Limit|revision|value|weight)$/i.test(String(key)),
  );
  const spot = pick([...free, ...optional, ...counts, ...spots.slice(0, 1)], random);
  const value = valueAt(spot.holder, spot.key);
  if (optional.includes(spot)) {
    if (!Array.isArray(spot.holder)) delete spot.holder[spot.key];
    return `${spot.path} left out`;
  }
  const next: Json = typeof value === 'number' ? pick([1, 2, 3], random) : pick(mild, random);
  if (!Array.isArray(spot.holder) && (free.includes(spot) || counts.includes(spot)))
    spot.holder[spot.key] = next;
  return `${spot.path} = ${JSON.stringify(next)}`;
}

/** Every part below the object but its identity: a request names that, too. */
function spotsOf(object: NewKubeObject): Spot[] {
  const spots: Spot[] = [];
  const visit = (value: Json, path: string): void => {
    if (value === null || typeof value !== 'object') return;
    const entries = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
    for (const [key, part] of entries) {
      const at = typeof key === 'number' ? `${path}[${key}]` : path === '' ? key : `${path}.${key}`;
      if (['apiVersion', 'kind', 'metadata'].includes(at)) {
        if (at === 'metadata') visit(part, at);
        continue;
      }
      spots.push({ holder: value, key, path: at });
      visit(part, at);
    }
  };
  visit(object as unknown as Json, '');
  return spots;
}

function valueAt(holder: Spot['holder'], key: Spot['key']): Json {
  return (Array.isArray(holder) ? holder[Number(key)] : holder[key]) ?? null;
}

function pick<T>(list: readonly T[], random: () => number): T {
  const found = list[Math.floor(random() * list.length)];
  if (found === undefined) throw new Error('nothing to choose from');
  return found;
}
