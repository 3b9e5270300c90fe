import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { textsOf } from '../options.ts';
import { fileLocation, recipe } from '../places.ts';

const id = 'image/tools';
const app = { path: 'app/server', mode: '0755', content: 'serve' };

/** Option `allow`: names of programs that may be there. */
export const check: Check<Image> = {
  id,
  title: 'No shells, package managers and compilers beside the service',
  severity: 'info',
  preset: 'strict',
  critical: false,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'Whoever gets into a container works with what is there. Without shell, package manager, compiler and downloader there is little to work with, and little to update.',
    messages: { tool: '{{path}} is {{what}}' },
    remediation:
      'Copy what runs into an image without a distribution (`FROM scratch`, distroless), or remove the tools in the step that brought them.',
    options: { allow: 'names of programs that may be there, such as `sh`' },
    bad: {
      language: 'image-recipe',
      text: recipe({
        config: {},
        layers: [[app, { path: 'usr/bin/gcc', mode: '0755', content: 'gcc' }]],
      }),
      findings: [{ messageId: 'tool' }],
    },
    good: { language: 'image-recipe', text: recipe({ config: {}, layers: [[app]] }), findings: [] },
    references: ['https://docs.docker.com/build/building/best-practices/'],
  },
  run(context) {
    const { target, options } = context;
    requireContent(context);
    const allowed = new Set(textsOf(id, options, 'allow') ?? []);
    return [...target.filesystem.nodes()].flatMap((node) => {
      const name = posix.basename(node.path);
      const what = allowed.has(name) ? undefined : kindOf(node, name);
      if (!what) return [];
      const data = { path: `/${node.path}`, what };
      return [{ messageId: 'tool', data, location: fileLocation(target, node) }];
    });
  },
};

const programFolder = /^(?:usr\/(?:local\/)?)?s?bin\/[^/]+$/;

const kinds: Readonly<Record<string, string>> = {
  'a shell': 'sh bash dash ash zsh ksh fish busybox',
  'a package manager':
    'apt apt-get dpkg apk rpm dnf microdnf yum zypper pacman pip pip3 npm npx yarn pnpm gem cargo composer',
  'a compiler or a linker': 'gcc cc g++ c++ clang tcc ld go rustc javac make cmake as',
  'a debugger': 'gdb strace ltrace tcpdump nmap',
  'a downloader': 'curl wget nc ncat netcat socat telnet ftp ssh scp rsync',
  'a way to other rights': 'sudo su doas pkexec newgrp',
};
const byName = new Map(
  Object.entries(kinds).flatMap(([what, names]) =>
    names.split(' ').map((name) => [name, what] as const),
  ),
);

function kindOf({ path, entry }: FileNode, name: string): string | undefined {
  const isProgram = entry.type === 'file' && (entry.mode & 0o111) !== 0;
  const isLink = entry.type === 'symlink';
  return (isProgram || isLink) && programFolder.test(path) ? byName.get(name) : undefined;
}
