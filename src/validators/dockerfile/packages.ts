import type { Instruction } from './instruction.ts';
import type { ShellCommand, ShellWord } from './shell-script.ts';

/** Options of a package manager whose value is the next word. */
const withValue: Readonly<Record<string, readonly string[]>> = {
  'apt-get': ['-t', '--target-release', '-o', '--option', '-c', '--config-file', '-a'],
  apt: ['-t', '--target-release', '-o', '--option'],
  aptitude: ['-t', '--target-release', '-o'],
  apk: ['-t', '--virtual', '-X', '--repository', '-p', '--root', '--wait', '--arch', '--keys-dir'],
  pip: [
    ...['-r', '--requirement', '-c', '--constraint', '-e', '--editable', '-t', '--target'],
    ...['-i', '--index-url', '--extra-index-url', '-f', '--find-links', '--trusted-host'],
    ...['--cache-dir', '--prefix', '--root', '--src', '--platform', '--python-version', '--proxy'],
    ...['--timeout', '--retries', '--progress-bar', '--only-binary', '--no-binary', '--cert'],
  ],
  npm: ['--registry', '--prefix', '--loglevel', '--cache', '--userconfig', '-w', '--workspace'],
  gem: ['-v', '--version', '-i', '--install-dir', '-n', '--bindir', '--platform', '-s', '--source'],
  yum: ['-c', '--enablerepo', '--disablerepo', '-x', '--exclude', '--installroot', '--releasever'],
  dnf: ['-c', '--enablerepo', '--disablerepo', '-x', '--exclude', '--installroot', '--releasever'],
  zypper: ['-r', '--repo', '-t', '--type', '--from', '-R', '--root', '-C', '--cache-dir'],
  go: ['-ldflags', '-tags', '-gcflags', '-mod', '-modfile', '-o', '-p', '-C', '-asmflags'],
};

/** A call of a package manager: `apt-get -y install curl`. */
export interface PackageCall {
  readonly command: ShellCommand;
  /** `apt-get`, `pip` …; names that do the same have one. */
  readonly manager: string;
  /** `install`, `add`, `update`; an empty text when none is known. */
  readonly verb: string;
  readonly verbWord: ShellWord | undefined;
  /** What the verb is about, without options and their values. */
  readonly operands: readonly ShellWord[];
  /** Options as they are written, with those before the verb. */
  readonly options: readonly string[];
}

const sameName: Readonly<Record<string, string>> = { microdnf: 'dnf' };

/** Undefined for a command that is no call of a package manager. */
function packageCallOf(command: ShellCommand): PackageCall | undefined {
  const { manager, words } = called(command);
  if (manager === undefined) return undefined;
  const values = Object.hasOwn(withValue, manager) ? (withValue[manager] ?? []) : [];
  const options: string[] = [];
  const plain: ShellWord[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (!word) continue;
    const text = word.value ?? word.text;
    if (!text.startsWith('-') || text === '-') {
      plain.push(word);
      continue;
    }
    options.push(text);
    if (values.includes(text)) {
      at += 1;
      options.push(words[at]?.value ?? words[at]?.text ?? '');
    }
  }
  const [verb, ...operands] = plain;
  return { command, manager, verb: verb?.value ?? '', verbWord: verb, operands, options };
}

const managers = /^(?:apt-get|apt|aptitude|apk|yum|dnf|microdnf|zypper|npm|gem|yarn|go)$/;
const pip = /^pip[0-9.]*$/;
const python = /^python[0-9.]*$/;

function called({ name, words }: ShellCommand): {
  manager: string | undefined;
  words: readonly ShellWord[];
} {
  if (pip.test(name)) return { manager: 'pip', words: words.slice(1) };
  if (python.test(name) && words[1]?.value === '-m' && pip.test(words[2]?.value ?? '')) {
    return { manager: 'pip', words: words.slice(3) };
  }
  const manager = managers.test(name) ? (sameName[name] ?? name) : undefined;
  return { manager, words: words.slice(1) };
}

export function packageCallsIn(instruction: Instruction): readonly PackageCall[] {
  return (instruction.script?.commands ?? []).flatMap((command) => packageCallOf(command) ?? []);
}

/** Every call in the RUNs of some instructions. */
export function packageCallsOf(
  instructions: readonly Instruction[],
): readonly (PackageCall & { readonly instruction: Instruction })[] {
  return runsOf(instructions).flatMap((instruction) =>
    packageCallsIn(instruction).map((call) => ({ ...call, instruction })),
  );
}

/** RUN, also where an ONBUILD triggers it. */
export const runsOf = (instructions: readonly Instruction[]): readonly Instruction[] =>
  instructions.filter(({ keyword }) => keyword === 'RUN');

/** Whether a `--mount` of the instruction keeps a folder out of the layer: a cache or in memory. */
export function keepsOut({ flags }: Instruction, folder: string): boolean {
  return flags.some(({ name, value = '' }) => {
    if (name !== 'mount') return false;
    const parts = new Map(value.split(',').map((part) => splitOnce(part)));
    const target = parts.get('target') ?? parts.get('dst') ?? parts.get('destination');
    const type = parts.get('type') ?? 'bind';
    const covers = target !== undefined && isWithin(folder, target);
    return covers && (type === 'cache' || type === 'tmpfs');
  });
}

function splitOnce(part: string): [string, string] {
  const equals = part.indexOf('=');
  return equals === -1 ? [part, ''] : [part.slice(0, equals), part.slice(equals + 1)];
}

const isWithin = (folder: string, mount: string): boolean =>
  `${folder}/`.startsWith(`${mount.replace(/\/+$/, '')}/`);
