import {
  fieldOf,
  type JsonObject,
  objectOf,
  objectsOf,
  textMapOf,
  textOf,
  textsOf,
} from '../../core/json.ts';
import type {
  Change,
  ContainerEntry,
  ContainerState,
  ContainerStats,
  ProcessEntry,
} from './container.ts';
import { ownerLabel } from './container-options.ts';

/** Go's zero time, which stands for never. */
const never = '0001-01-01T00:00:00Z';

const text = (object: JsonObject | undefined, name: string) => textOf(fieldOf(object, name)) ?? '';
const number = (object: JsonObject | undefined, name: string) => Number(fieldOf(object, name) ?? 0);
const child = (object: JsonObject | undefined, name: string) => objectOf(fieldOf(object, name));

export function stateOf(container: JsonObject | undefined): ContainerState {
  const state = child(container, 'State');
  const time = (name: string) => (text(state, name) === never ? '' : text(state, name));
  return {
    id: text(container, 'Id'),
    name: text(container, 'Name').replace(/^\//, ''),
    status: text(state, 'Status'),
    running: fieldOf(state, 'Running') === true,
    pid: number(state, 'Pid'),
    exitCode: number(state, 'ExitCode'),
    oomKilled: fieldOf(state, 'OOMKilled') === true,
    error: text(state, 'Error'),
    startedAt: time('StartedAt'),
    finishedAt: time('FinishedAt'),
    health: healthOf(child(state, 'Health')),
    addresses: addressesOf(child(child(container, 'NetworkSettings'), 'Networks') ?? {}),
    image: text(container, 'Image'),
    labels: textMapOf(fieldOf(child(container, 'Config'), 'Labels')),
  };
}

function healthOf(health: JsonObject | undefined): ContainerState['health'] {
  const status = text(health, 'Status');
  if (status === '' || status === 'none') return null;
  return { status, output: text(objectsOf(fieldOf(health, 'Log')).at(-1), 'Output') };
}

function addressesOf(networks: JsonObject): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(networks).flatMap(([name, network]) => {
      const address = text(objectOf(network), 'IPAddress');
      return address === '' ? [] : [[name, address]];
    }),
  );
}

export function entryOf(container: JsonObject): ContainerEntry {
  const names = fieldOf(container, 'Names');
  return {
    id: text(container, 'Id'),
    name: String(Array.isArray(names) ? (names[0] ?? '') : '').replace(/^\//, ''),
    image: text(container, 'Image'),
    status: text(container, 'State'),
    owner: text(child(container, 'Labels'), ownerLabel),
    created: new Date(number(container, 'Created') * 1000),
  };
}

/** Undefined for a container that does not run: it has a sample, too, of nothing. */
export function statsOf(sample: JsonObject | undefined): ContainerStats | undefined {
  const memory = child(sample, 'memory_stats');
  const usage = child(child(sample, 'cpu_stats'), 'cpu_usage');
  const pids = number(child(sample, 'pids_stats'), 'current');
  if (pids === 0) return undefined;
  return {
    cpu: number(usage, 'total_usage'),
    memory: number(memory, 'usage'),
    memoryLimit: number(memory, 'limit'),
    pids,
  };
}

/** https://docs.docker.com/reference/api/engine/version/v1.41/#tag/Container/operation/ContainerChanges */
const kinds: readonly Change['kind'][] = ['modified', 'added', 'deleted'];

/** The engine says null for none. */
export function changesOf(value: unknown): Change[] {
  return objectsOf(value).flatMap((change) => {
    const kind = kinds[number(change, 'Kind')];
    return kind === undefined ? [] : [{ path: text(change, 'Path'), kind }];
  });
}

/** @param answer with the columns pid, uid, gid and command */
export function processesOf(answer: JsonObject | undefined): ProcessEntry[] {
  const rows = fieldOf(answer, 'Processes');
  return (Array.isArray(rows) ? rows : []).flatMap((row) => {
    const [pid, uid, gid, ...command] = textsOf(row) ?? [];
    const ids = [pid, uid, gid].map(Number);
    const isWhole = gid !== undefined && ids.every(Number.isSafeInteger);
    const [ofProcess = 0, ofUser = 0, ofGroup = 0] = ids;
    return isWhole
      ? [{ pid: ofProcess, uid: ofUser, gid: ofGroup, command: command.join(' ') }]
      : [];
  });
}
