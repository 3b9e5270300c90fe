import { posix } from 'node:path';
import type { Draft } from '../../core/finding.ts';
import type { ImageConfig } from './config.ts';
import { findCommand } from './executable.ts';
import type { FileNode } from './filesystem.ts';
import type { Image } from './image.ts';
import { searchLibraries } from './libraries.ts';
import { closedFolder, mayDo } from './permission.ts';
import { fileLocation } from './places.ts';
import type { Program } from './program.ts';
import { type ResolvedUser, resolveUser } from './user.ts';

/** Why a command does not start, as {@link startDrafts} says it. */
export const startMessages = {
  'not-found': '{{command}} is not in the image',
  'not-a-file': '{{command}} is no regular file',
  'not-reachable':
    '{{command}} cannot be reached by uid {{uid}}: the folder {{folder}} is closed to it (mode {{mode}})',
  'not-executable': '{{command}} may not be executed by uid {{uid}} (mode {{mode}})',
  'exec-format':
    '{{command}} is neither a binary for Linux nor a script that names its interpreter',
  'wrong-architecture': '{{command}} is built for {{found}}, and the image is for {{wanted}}',
  'loader-missing': '{{command}} needs the loader {{loader}}, which is not in the image',
  'library-missing':
    '{{command}} needs the library {{library}}, which {{by}} names and the loader does not find in the image',
  'library-closed':
    '{{command}} needs the library {{library}}, which uid {{uid}} may not read (mode {{mode}})',
  'interpreter-missing':
    '{{command}} needs the interpreter {{interpreter}}, which is not in the image',
  'interpreter-loop':
    '{{command}} is a script of a script, and so on, deeper than the kernel follows',
  'carriage-return': 'the first line of {{command}} ends in CR LF, so its interpreter is not found',
} as const;

export interface Starting {
  readonly target: Image;
  readonly config: ImageConfig;
  /** Called for what the answer would need and the image does not tell. */
  notExamined(what: string, why: string): void;
}

/** Why the kernel, or the loader, would refuse to start a command as the image's user; none when it would not. */
export function startDrafts(
  starting: Starting,
  command: string,
  location: Draft['location'],
): Draft[] {
  const { target, config } = starting;
  const file = findCommand(target.filesystem, config, command);
  if (!file) return [{ messageId: 'not-found', data: { command }, location }];
  const user = resolveUser(target, config.user);
  const said = fileReasons({ ...starting, command, user }, file, 0);
  return said.map(({ at = file, messageId, data }) => ({
    messageId,
    data,
    location: fileLocation(target, at),
  }));
}

interface Reason {
  readonly messageId: keyof typeof startMessages;
  readonly data: Readonly<Record<string, string | number>>;
  /** Of another file than the one that is started. */
  readonly at?: FileNode;
}

interface Attempt extends Starting {
  readonly command: string;
  readonly user: ResolvedUser | undefined;
}

/** exec(2): interpreters of interpreters are followed this deep (`BINPRM_MAX_RECURSION`). */
const maxScripts = 5;

function fileReasons(attempt: Attempt, file: FileNode, depth: number): Reason[] {
  const { command, target, config, user } = attempt;
  const { entry, path } = file;
  const uid = user?.uid ?? config.user;
  if (entry.type !== 'file') return [{ messageId: 'not-a-file', data: { command } }];
  const closed = closedFolder(target.filesystem, path, user);
  if (closed) {
    const data = { command, uid, folder: `/${closed.path}`, mode: octal(closed) };
    return [{ messageId: 'not-reachable', data, at: closed }];
  }
  if (!mayDo('execute', entry, user)) {
    return [{ messageId: 'not-executable', data: { command, uid, mode: octal(file) } }];
  }
  const { program } = entry;
  if (!program) return [{ messageId: 'exec-format', data: { command } }];
  return program.format === 'elf'
    ? binaryReasons(attempt, file, program)
    : scriptReasons(attempt, program, depth);
}

function octal({ entry }: FileNode): string {
  return entry.mode.toString(8).padStart(4, '0');
}

function binaryReasons(
  attempt: Attempt,
  file: FileNode,
  program: Extract<Program, { format: 'elf' }>,
): Reason[] {
  const { command, target, config, user } = attempt;
  const { architecture, loader } = program;
  if (!runsOn(config.architecture, architecture)) {
    const data = { command, found: architecture, wanted: config.architecture };
    return [{ messageId: 'wrong-architecture', data }];
  }
  if (loader === undefined) return [];
  if (!target.filesystem.lookup(posix.resolve('/', config.workingDir, loader))) {
    return [{ messageId: 'loader-missing', data: { command, loader } }];
  }
  const { missing, found, unread } = searchLibraries(target, config, file, program);
  for (const {
    file: { path },
    why,
  } of unread)
    attempt.notExamined(`libraries of /${path}`, why);
  const closed = found.filter((library) => !mayDo('read', library.entry, user));
  return [
    ...missing.map(({ library, by }) => ({
      messageId: 'library-missing' as const,
      data: { command, library, by: `/${by.path}` },
      at: by,
    })),
    ...closed.map((library) => ({
      messageId: 'library-closed' as const,
      data: {
        command,
        library: `/${library.path}`,
        uid: user?.uid ?? config.user,
        mode: octal(library),
      },
      at: library,
    })),
  ];
}

/** Kernels for amd64 run programs for 386, too, as they are commonly built. */
function runsOn(wanted: string, found: string): boolean {
  return wanted === found || (wanted === 'amd64' && found === '386');
}

function scriptReasons(
  attempt: Attempt,
  script: Extract<Program, { format: 'script' }>,
  depth: number,
): Reason[] {
  const { command, target, config } = attempt;
  if (script.crlf) return [{ messageId: 'carriage-return', data: { command } }];
  if (depth >= maxScripts) return [{ messageId: 'interpreter-loop', data: { command } }];
  const { interpreter } = script;
  const file = target.filesystem.lookup(posix.resolve('/', config.workingDir, interpreter));
  if (!file) return [{ messageId: 'interpreter-missing', data: { command, interpreter } }];
  const reasons = fileReasons({ ...attempt, command: interpreter }, file, depth + 1);
  const word = reasons.length === 0 ? interpreterByEnv(script) : undefined;
  if (word === undefined) return reasons;
  const real = findCommand(target.filesystem, config, word);
  return real
    ? fileReasons({ ...attempt, command: word }, real, depth + 1)
    : [{ messageId: 'interpreter-missing', data: { command, interpreter: word } }];
}

/** `#!/usr/bin/env node`: env looks for the real interpreter along PATH. */
function interpreterByEnv(script: Extract<Program, { format: 'script' }>): string | undefined {
  if (posix.basename(script.interpreter) !== 'env') return undefined;
  return script.argument
    .split(/\s+/)
    .find((part) => part !== '' && !part.startsWith('-') && !part.includes('='));
}
