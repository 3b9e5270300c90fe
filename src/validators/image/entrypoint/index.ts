import { posix } from 'node:path';
import type { Check } from '../../../core/check.ts';
import type { Draft } from '../../../core/finding.ts';
import type { ImageConfig } from '../config.ts';
import { commandOf, findCommand, firstProgram, isShellForm } from '../executable.ts';
import type { FileNode } from '../filesystem.ts';
import { type Image, requireContent } from '../image.ts';
import { configLocation, fileLocation, recipe } from '../places.ts';
import type { Program } from '../program.ts';
import { resolveUser } from '../user.ts';

const script = (mode: string) => [
  [
    { path: 'bin/run', mode: '0755', content: '#!/bin/run\n' },
    { path: 'app/start', mode, content: '#!/bin/run\nserve\n' },
  ],
];
const config = { User: '10001', Entrypoint: ['/app/start'] };

export const check: Check<Image> = {
  id: 'image/entrypoint',
  title: 'The image will start',
  severity: 'error',
  critical: true,
  item: 'images',
  appliesTo: 'image',
  meta: {
    why: 'An entrypoint that is not there, not executable, of another processor or without its interpreter fails at the first start, on the cluster.',
    messages: {
      nothing: 'the image has neither an entrypoint nor a command',
      'not-found': '{{command}} is not in the image',
      'not-a-file': '{{command}} is no regular file',
      'not-executable': '{{command}} may not be executed by uid {{uid}} (mode {{mode}})',
      'exec-format':
        '{{command}} is neither a binary for Linux nor a script that names its interpreter',
      'wrong-architecture': '{{command}} is built for {{found}}, and the image is for {{wanted}}',
      'loader-missing': '{{command}} needs the loader {{loader}}, which is not in the image',
      'interpreter-missing':
        '{{command}} needs the interpreter {{interpreter}}, which is not in the image',
      'carriage-return':
        'the first line of {{command}} ends in CR LF, so its interpreter is not found',
      'shell-form':
        'the command is run by a shell, which passes on no SIGTERM unless the command replaces it with exec',
    },
    remediation:
      'Start the image once in the pipeline (`docker run --rm`), give ENTRYPOINT as a JSON list, and copy binaries of the right platform with their mode.',
    bad: {
      language: 'image-recipe',
      text: recipe({ config, layers: script('0644') }),
      findings: [{ messageId: 'not-executable' }],
    },
    good: {
      language: 'image-recipe',
      text: recipe({ config, layers: script('0755') }),
      findings: [],
    },
    references: [
      'https://github.com/opencontainers/image-spec/blob/main/config.md#properties',
      'https://man7.org/linux/man-pages/man2/execve.2.html',
      'https://docs.docker.com/reference/dockerfile/#shell-and-exec-form',
    ],
  },
  run(context) {
    const { target } = context;
    const image = { target, config: requireContent(context) };
    const command = commandOf(image.config);
    const where = image.config.entrypoint.length > 0 ? 'config.Entrypoint' : 'config.Cmd';
    const location = configLocation(target, where);
    const [word] = command;
    if (word === undefined) return [{ messageId: 'nothing', location }];

    const drafts = startDrafts(image, word, location);
    if (!isShellForm(command)) return drafts;
    const line = command[2] ?? '';
    const program = firstProgram(line);
    return [
      ...drafts,
      ...(program === undefined ? [] : startDrafts(image, program, location)),
      ...(/^\s*exec\s/.test(line)
        ? []
        : [{ messageId: 'shell-form', severity: 'info' as const, location }]),
    ];
  },
};

interface Started {
  readonly target: Image;
  readonly config: ImageConfig;
}

/** Why the kernel would refuse to start a command; at most one reason. */
function startDrafts(image: Started, command: string, location: Draft['location']): Draft[] {
  const file = findCommand(image.target.filesystem, image.config, command);
  if (!file) return [{ messageId: 'not-found', data: { command }, location }];
  const draft = fileDraft(image, command, file);
  return draft ? [{ ...draft, location: fileLocation(image.target, file) }] : [];
}

type Reason = Omit<Draft, 'location'>;

function fileDraft(image: Started, command: string, { entry }: FileNode): Reason | undefined {
  if (entry.type !== 'file') return { messageId: 'not-a-file', data: { command } };
  const user = resolveUser(image.target, image.config.user);
  const executable = executeBit(entry, user);
  if ((entry.mode & executable) === 0) {
    const mode = entry.mode.toString(8).padStart(4, '0');
    const data = { command, uid: user?.uid ?? image.config.user, mode };
    return { messageId: 'not-executable', data };
  }
  return entry.program
    ? programDraft(image, command, entry.program)
    : { messageId: 'exec-format', data: { command } };
}

/** The class of mode bits that counts for a user; root may run what anyone may run. */
function executeBit(entry: FileNode['entry'], user: ReturnType<typeof resolveUser>): number {
  if (!user || user.uid === 0) return 0o111;
  if (user.uid === entry.uid) return 0o100;
  return user.gid === entry.gid ? 0o010 : 0o001;
}

function programDraft(
  { target, config }: Started,
  command: string,
  program: Program,
): Reason | undefined {
  const isThere = (word: string) => findCommand(target.filesystem, config, word) !== undefined;
  if (program.format === 'elf') {
    const { architecture, loader } = program;
    if (architecture !== config.architecture) {
      const data = { command, found: architecture, wanted: config.architecture };
      return { messageId: 'wrong-architecture', data };
    }
    return loader === undefined || isThere(loader)
      ? undefined
      : { messageId: 'loader-missing', data: { command, loader } };
  }
  if (program.crlf) return { messageId: 'carriage-return', data: { command } };
  const missing = [program.interpreter, ...interpreterByEnv(program)].find(
    (word) => !isThere(word),
  );
  return missing === undefined
    ? undefined
    : { messageId: 'interpreter-missing', data: { command, interpreter: missing } };
}

/** `#!/usr/bin/env node`: env looks for the real interpreter along PATH. */
function interpreterByEnv(program: Extract<Program, { format: 'script' }>): string[] {
  if (posix.basename(program.interpreter) !== 'env') return [];
  const word = program.argument
    .split(/\s+/)
    .find((part) => part !== '' && !part.startsWith('-') && !part.includes('='));
  return word === undefined ? [] : [word];
}
