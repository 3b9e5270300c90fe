import type { Check } from '../../../core/check.ts';
import type { Dockerfile, Stage } from '../dockerfile.ts';
import { draftAt } from '../drafts.ts';
import { added, endingWith, fixOf } from '../fix.ts';
import type { Instruction } from '../instruction.ts';
import { keepsOut, type PackageCall, packageCallsIn, runsOf } from '../packages.ts';
import { hasOption, type ShellCommand } from '../shell-script.ts';

/** Where a manager keeps what it fetched, what makes it do so, and what takes it away again. */
interface Cache {
  readonly id: string;
  readonly folder: string;
  fills(call: PackageCall): boolean;
  cleans(command: ShellCommand): boolean;
  /** What makes those calls leave nothing: an option behind the verb, or a command at the end. */
  readonly cure: { readonly option: string } | { readonly command: (name: string) => string };
}

const says = ({ words }: ShellCommand, pattern: RegExp): boolean =>
  pattern.test(words.map(({ value, text }) => value ?? text).join(' '));
const removes = (command: ShellCommand, folder: string): boolean =>
  /^(?:rm|find)$/.test(command.name) && command.words.some(({ text }) => text.includes(folder));

const caches: readonly Cache[] = [
  {
    ...{ id: 'apt', folder: '/var/lib/apt/lists' },
    fills: ({ manager, verb }) => /^(?:apt-get|apt|aptitude)$/.test(manager) && verb === 'update',
    cleans: (command) => removes(command, '/var/lib/apt/lists'),
    cure: { command: () => 'rm -rf /var/lib/apt/lists/*' },
  },
  {
    ...{ id: 'apk', folder: '/var/cache/apk' },
    fills: ({ manager, verb, options }) =>
      manager === 'apk' && verb === 'add' && !options.includes('--no-cache'),
    cleans: (command) => removes(command, '/var/cache/apk'),
    cure: { option: '--no-cache' },
  },
  {
    ...{ id: 'yum', folder: '/var/cache/yum' },
    fills: ({ manager, verb }) => manager === 'yum' && /install$/.test(verb),
    cleans: (command) => says(command, /^yum\b.* clean all/) || removes(command, '/var/cache/yum'),
    cure: { command: (name) => `${name} clean all` },
  },
  {
    ...{ id: 'dnf', folder: '/var/cache/dnf' },
    fills: ({ manager, verb }) => manager === 'dnf' && /install$/.test(verb),
    cleans: (command) =>
      says(command, /^(?:micro)?dnf\b.* clean all/) ||
      removes(command, '/var/cache/dnf') ||
      removes(command, '/var/cache/libdnf5'),
    cure: { command: (name) => `${name} clean all` },
  },
  {
    ...{ id: 'zypper', folder: '/var/cache/zypp' },
    fills: ({ manager, verb }) => manager === 'zypper' && /^(?:install|in)$/.test(verb),
    cleans: (command) => says(command, /^zypper\b.* (?:clean|cc)\b/),
    cure: { command: () => 'zypper clean' },
  },
  {
    ...{ id: 'pip', folder: '/root/.cache/pip' },
    fills: ({ manager, verb, command, options }) =>
      manager === 'pip' &&
      verb === 'install' &&
      !options.some((option) => option.startsWith('--no-cache')) &&
      !command.assignments.some(({ name }) => name === 'PIP_NO_CACHE_DIR'),
    cleans: (command) => says(command, /pip[\d.]* cache purge/) || removes(command, '.cache'),
    cure: { option: '--no-cache-dir' },
  },
  {
    ...{ id: 'yarn', folder: '/usr/local/share/.cache' },
    fills: ({ manager, verb }) => manager === 'yarn' && (verb === 'install' || verb === ''),
    cleans: (command) => says(command, /^yarn\b.* cache clean/) || removes(command, '.cache'),
    cure: { command: () => 'yarn cache clean' },
  },
];

/** Each RUN makes a layer, so what it fills it has to clean itself; only the layers of the last stage are kept. */
export const check: Check<Dockerfile> = {
  id: 'dockerfile/package-cache',
  title: 'Caches of package managers stay out of the image',
  severity: 'info',
  preset: 'recommended',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'Lists and archives that nothing reads any more are pulled by every node with each release.',
    messages: {
      apt: 'apt-get update leaves its lists in the layer',
      apk: 'apk add leaves its index in the layer; give it --no-cache',
      yum: 'yum leaves its cache in the layer; end with yum clean all',
      dnf: 'dnf leaves its cache in the layer; end with dnf clean all',
      zypper: 'zypper leaves its cache in the layer; end with zypper clean',
      pip: 'pip leaves its cache in the layer; give it --no-cache-dir',
      yarn: 'yarn leaves its cache in the layer; end with yarn cache clean',
    },
    remediation: 'Clean in the same RUN, or keep the cache out with --mount=type=cache.',
    bad: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl\n',
      findings: [{ messageId: 'apt', line: 2, column: 5 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM debian:13\nRUN apt-get update && apt-get install -y --no-install-recommends curl && rm -rf /var/lib/apt/lists/*\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#apt-get'],
  },
  run({ target }) {
    const last = target.stages.at(-1);
    const kept = last ? withParents(last) : [];
    return kept.flatMap(({ instructions }) => {
      const noPipCache = instructions.some(
        ({ keyword, pairs }) =>
          keyword === 'ENV' && pairs.some(({ name }) => name.value === 'PIP_NO_CACHE_DIR'),
      );
      return instructions
        .filter(({ keyword }) => keyword === 'RUN')
        .flatMap((run) =>
          caches
            .filter(({ id, folder }) => !keepsOut(run, folder) && !(id === 'pip' && noPipCache))
            .flatMap((cache) => leftBy(cache, run))
            .map(({ cache, calls, first }) => ({
              ...draftAt(target, first.command.place, cache.id),
              fix: cured(target, run, cache, calls),
            })),
        );
    });
  },
};

const withParents = (stage: Stage): readonly Stage[] =>
  stage.parent ? [...withParents(stage.parent), stage] : [stage];

function leftBy(cache: Cache, run: Instruction) {
  const calls = packageCallsIn(run).filter(
    (call) => cache.fills(call) && !hasOption(call.command, '--help'),
  );
  const [first] = calls;
  const cleaned = (run.script?.commands ?? []).some((command) => cache.cleans(command));
  return first && !cleaned ? [{ cache, calls, first }] : [];
}

function cured(
  target: Dockerfile,
  run: Instruction,
  { id, cure }: Cache,
  calls: readonly PackageCall[],
) {
  if ('command' in cure) {
    if (id === 'apt' && !isSelfSufficient(target, run)) return undefined;
    return endingWith(target, run, cure.command(calls[0]?.command.name ?? ''));
  }
  return fixOf(
    `give it ${cure.option}`,
    calls.map(({ verbWord }) => verbWord && added(target, verbWord, ` ${cure.option}`)),
  );
}

/** Whether the lists serve the RUN that fetches them, and no later one goes by them. */
function isSelfSufficient({ instructions }: Dockerfile, run: Instruction): boolean {
  const goesByLists = (one: Instruction) =>
    packageCallsIn(one).some(
      ({ manager, verb }) =>
        aptLike.test(manager) && /install|upgrade|build-dep|^source$/.test(verb),
    );
  const fetches = (one: Instruction) =>
    packageCallsIn(one).some(({ manager, verb }) => aptLike.test(manager) && verb === 'update');
  const later = runsOf(instructions).filter(({ place }) => place.line > run.place.line);
  return goesByLists(run) && !later.some((one) => namesApt(one) && !fetches(one));
}

const aptLike = /^(?:apt-get|apt|aptitude)$/;

/** Whether it may call apt, be it by `sudo`, `env`, `xargs` or in a text that another shell runs. */
const namesApt = ({ body, heredocs }: Instruction): boolean =>
  [body, ...heredocs.map((one) => one.body)].some(({ text }) =>
    /\b(?:apt-get|apt|aptitude)(?![\w/.-])/.test(text),
  );
