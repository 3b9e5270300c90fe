import { concurrently } from '../core/concurrently.ts';
import type { ProvenSettings } from '../validators/runtime/image-run.ts';
import type { Looked, Tightening, TrialSeen, UserSeen } from '../validators/runtime/observation.ts';
import type { Bench } from './bench.ts';
import { neededCapabilities } from './capabilities.ts';
import type { RunSettings } from './settings.ts';
import { type Tried, tryOnce } from './trial.ts';
import { writableFolders } from './writable.ts';

type Part = Tightening | 'user';

/** A part of the tightest settings, and what it rests on. */
interface Found {
  readonly part: Part;
  readonly settings: RunSettings;
  readonly text: string;
}

export interface Tightest {
  /** Null when not even one of the settings was seen to work. */
  readonly found: readonly Found[];
  /** Settings that did not work, in words. */
  readonly missing: readonly { readonly part: Part; readonly text: string }[];
  readonly proven: boolean;
}

export interface Known {
  /** Users of the processes, run as the image asks for; the main one first. */
  readonly users: Looked<readonly UserSeen[]>;
  /** Where it wrote to. */
  readonly written: Looked<readonly string[]>;
  /** An id that its passwd does not know. */
  readonly otherUser: number;
}

export interface Tightenings {
  readonly trials: readonly TrialSeen[];
  readonly otherUser: Tried;
  readonly tightest: Tightest;
}

const dropped: RunSettings = { capabilities: [] };

/** Tries everything at once; one by one where that does not work; then what is left at once again. */
export async function tighten(known: Known, bench: Bench): Promise<Tightenings> {
  const wanted = wantedOf(known);
  bench.say('with everything tightened at once');
  const together = await tryOnce('tightened', merged(wanted), bench);
  const alone = together.works
    ? new Map<Part, Tried>(wanted.map(({ part }) => [part, together]))
    : await oneByOne(wanted, bench);
  const trials = wanted.flatMap(({ part }): TrialSeen[] => {
    const tried = alone.get(part);
    return part === 'user' || !tried ? [] : [{ setting: part, ...tried }];
  });
  const byUser = wanted.find(({ part }) => part === 'user');
  // Where the proposal keeps the user of the image, another one is a question of its own.
  const otherUser =
    byUser && isRoot(known)
      ? (alone.get('user') ?? together)
      : await tryOnce('other-user', { user: `${known.otherUser}:0` }, bench);
  const tightest = together.works
    ? { found: wanted, missing: [], proven: true }
    : await combined(wanted, alone, known, bench);
  return { trials, otherUser, tightest };
}

const isRoot = ({ users }: Known): boolean => 'seen' in users && users.seen[0]?.uid === 0;

function wantedOf(known: Known): Found[] {
  return [
    {
      part: 'read-only-root',
      settings: { readOnlyRoot: true },
      text: 'it started with a root that cannot be written to',
    },
    { part: 'no-capabilities', settings: dropped, text: 'it started without any capability' },
    {
      part: 'no-new-privileges',
      settings: { noNewPrivileges: true },
      text: 'it started as a process that can gain nothing',
    },
    ...userOf(known),
  ];
}

function userOf({ users, otherUser }: Known): Found[] {
  const main = 'seen' in users ? users.seen[0] : undefined;
  if (!main) return [];
  const { uid, gid } = main;
  if (uid === 0) {
    const text = `the image runs as root; it started as uid ${otherUser}, which its passwd does not know`;
    return [{ part: 'user', settings: { user: `${otherUser}:0` }, text }];
  }
  const text = `the kernel has uid ${uid}, gid ${gid} for its main process`;
  return [{ part: 'user', settings: { user: `${uid}:${gid}` }, text }];
}

const merged = (parts: readonly Found[]): RunSettings =>
  Object.assign({}, ...parts.map(({ settings }) => settings));

async function oneByOne(wanted: readonly Found[], bench: Bench): Promise<Map<Part, Tried>> {
  const tried = await concurrently(wanted, 2, async ({ part, settings }) => {
    bench.say(`with ${part} alone`);
    return [part, await tryOnce(part, settings, bench)] as const;
  });
  return new Map(tried);
}

/** What works alone, with what it takes to make the others work, all of it at once. */
async function combined(
  wanted: readonly Found[],
  alone: ReadonlyMap<Part, Tried>,
  known: Known,
  bench: Bench,
): Promise<Tightest> {
  const found = wanted.filter(({ part }) => alone.get(part)?.works);
  const missing: { part: Part; text: string }[] = [];
  // As another user it may need less than as root.
  const asUser = merged(found.filter(({ part }) => part === 'user'));
  for (const one of wanted) {
    const tried = alone.get(one.part);
    if (!tried?.works) {
      const eased = await easedOf(one, asUser, known, bench);
      if (eased) found.push({ ...eased, text: `${eased.text}; without: ${tried?.why}` });
      else missing.push({ part: one.part, text: tried?.why ?? 'it was not tried' });
    }
  }
  return provenOf(found, missing, bench);
}

/** Less than was wanted of a setting: folders that can be written to, capabilities that are kept. */
async function easedOf(
  { part, settings: whole }: Found,
  asUser: RunSettings,
  known: Known,
  bench: Bench,
): Promise<Found | undefined> {
  if (part === 'read-only-root' && 'seen' in known.written) {
    const folders = writableFolders(known.written.seen);
    if (!folders || folders.length === 0) return undefined;
    const settings = { ...whole, writable: folders };
    bench.say(`with a read-only root and ${folders.join(', ')}`);
    const { works } = await tryOnce('read-only-root-folders', settings, bench);
    const text = `it started with empty folders at ${folders.join(', ')}, where the engine saw it write`;
    return works ? { part, settings, text } : undefined;
  }
  if (part === 'no-capabilities') {
    if (asUser.user !== undefined) {
      const bare = await tryOnce('no-capabilities-as-user', { ...asUser, ...whole }, bench);
      const text = `it started without any capability as ${asUser.user}`;
      if (bare.works) return { part, settings: whole, text };
    }
    const needed = await neededCapabilities(asUser, bench);
    if (!needed) return undefined;
    const text = `it started with ${needed.join(', ')}, and with none of these left out`;
    return { part, settings: { capabilities: needed }, text };
  }
  return undefined;
}

/** What is left out when it does not work all at once, one at a time. */
const leftOutFirst: readonly Part[] = [
  'user',
  'no-capabilities',
  'no-new-privileges',
  'read-only-root',
];

async function provenOf(
  found: readonly Found[],
  missing: Tightest['missing'],
  bench: Bench,
): Promise<Tightest> {
  if (found.length === 0) return { found, missing, proven: false };
  bench.say('with all that works, at once');
  const together = await tryOnce('proposal', merged(found), bench);
  if (together.works) return { found, missing, proven: true };
  for (const part of leftOutFirst.filter((name) => found.some((one) => one.part === name))) {
    const rest = found.filter((one) => one.part !== part);
    if (rest.length === 0) continue;
    bench.say(`with all that works but ${part}`);
    const { works } = await tryOnce(`proposal-without-${part}`, merged(rest), bench);
    const text = `it works alone, not with the others: ${together.why}`;
    if (works) return { found: rest, missing: [...missing, { part, text }], proven: true };
  }
  return { found: [], missing, proven: false };
}

/** All that was found, at once. */
export const foundSettings = ({ found }: Tightest): RunSettings => merged(found);

/** @param seccomp whether the default profile of system calls was in force */
export function settingsOf(tightest: Tightest, seccomp: boolean): ProvenSettings {
  const { user, readOnlyRoot, writable, capabilities, noNewPrivileges } = foundSettings(tightest);
  const [uid, gid] = user?.split(':').map(Number) ?? [];
  return {
    user: uid === undefined || gid === undefined ? null : { uid, gid },
    readOnlyRoot: readOnlyRoot === true,
    writable: writable ?? [],
    addedCapabilities: capabilities ?? null,
    noNewPrivileges: noNewPrivileges === true,
    seccomp,
  };
}
