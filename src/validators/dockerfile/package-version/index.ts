import type { Check } from '../../../core/check.ts';
import type { Dockerfile } from '../dockerfile.ts';
import { draftAt, shown } from '../drafts.ts';
import { type PackageCall, packageCallsOf } from '../packages.ts';
import type { ShellWord } from '../shell-script.ts';

/** Verbs that take packages, and how one of them says its version. */
interface Versions {
  readonly verbs: RegExp;
  isPinned(word: string): boolean;
}

const file = /\.(?:deb|rpm|apk|gem|whl|tgz|tar(?:\.\w+)?|zip)$|^\.{0,2}\//;
const dashed: Versions = {
  verbs: /^(?:install|reinstall|localinstall)$/,
  isPinned: (word) => /-\d|^@/.test(word),
};
const managers: Readonly<Record<string, Versions>> = {
  'apt-get': { verbs: /^install$/, isPinned: (word) => /=|\/|[+-]$/.test(word) },
  apt: { verbs: /^install$/, isPinned: (word) => /=|\/|[+-]$/.test(word) },
  apk: { verbs: /^add$/, isPinned: (word) => /[=<>~]/.test(word) },
  yum: dashed,
  dnf: { ...dashed, isPinned: (word) => /-\d|^@|:/.test(word) },
  zypper: { verbs: /^(?:install|in)$/, isPinned: (word) => /[=<>]|-\d/.test(word) },
  pip: {
    verbs: /^install$/,
    isPinned: (word) => /[=<>~!]=|===|[<>]|^git\+|^https?:|@|^\.$/.test(word),
  },
  npm: { verbs: /^(?:install|i|add)$/, isPinned: isPinnedInNpm },
  gem: { verbs: /^(?:install|i)$/, isPinned: (word) => /:\d/.test(word) },
  go: { verbs: /^install$/, isPinned: (word) => /@(?!latest$)./.test(word) || /^\./.test(word) },
};

export const check: Check<Dockerfile> = {
  id: 'dockerfile/package-version',
  title: 'Packages have a version',
  severity: 'warning',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'dockerfile',
  meta: {
    why: 'The same Dockerfile installs another version tomorrow. Distributions take old versions away, though, so many teams pin the base image by digest instead.',
    messages: {
      'apt-get': '{{package}} has no version: write {{package}}=VERSION',
      apt: '{{package}} has no version: write {{package}}=VERSION',
      apk: '{{package}} has no version: write {{package}}=VERSION',
      yum: '{{package}} has no version: write {{package}}-VERSION',
      dnf: '{{package}} has no version: write {{package}}-VERSION',
      zypper: '{{package}} has no version: write {{package}}=VERSION',
      pip: '{{package}} has no version: write {{package}}==VERSION',
      npm: '{{package}} has no version: write {{package}}@VERSION',
      gem: '{{package}} has no version: write {{package}}:VERSION',
      go: '{{package}} has no version: write {{package}}@VERSION',
    },
    remediation: 'Name the version, or install from a lock file.',
    bad: {
      language: 'dockerfile',
      text: 'FROM python:3.14\nRUN pip install --no-cache-dir flask\n',
      findings: [{ messageId: 'pip', line: 2, column: 32 }],
    },
    good: {
      language: 'dockerfile',
      text: 'FROM python:3.14\nRUN pip install --no-cache-dir flask==3.1.2 -r requirements.txt\n',
      findings: [],
    },
    references: ['https://docs.docker.com/build/building/best-practices/#version-pinning'],
  },
  run({ target }) {
    return packageCallsOf(target.instructions).flatMap((call) =>
      unpinned(call).map((word) =>
        draftAt(target, word.place, call.manager, { package: shown(word.value ?? word.text) }),
      ),
    );
  },
};

function unpinned(call: PackageCall): readonly ShellWord[] {
  const { manager, verb, operands, options } = call;
  const versions = managers[manager];
  if (!versions?.verbs.test(verb)) return [];
  if (manager === 'gem' && options.some((one) => /^(?:-v|--version)/.test(one))) return [];
  // A file of constraints says the versions.
  if (manager === 'pip' && options.some((one) => /^(?:-c|--constraint)$/.test(one))) return [];
  return operands.filter((word) => {
    const text = word.value ?? word.text;
    const isUnknown = word.value === undefined && /^["']?\$/.test(text);
    return !isUnknown && !file.test(text) && !versions.isPinned(text);
  });
}

/** A version, a tag or an address behind the name; scopes begin with the same sign. */
function isPinnedInNpm(word: string): boolean {
  return (
    /^(?!@)?.+@.+/.test(word.replace(/^@/, '')) ||
    /^(?:git|https?|file|github)[:+]|^\w[\w-]*\/[^@]+$/.test(word)
  );
}
