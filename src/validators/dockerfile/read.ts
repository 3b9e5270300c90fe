import { sha256 } from '../../core/digest.ts';
import { Fault } from '../../core/fault.ts';
import type { Dockerfile } from './dockerfile.ts';
import type { Instruction } from './instruction.ts';
import { instructionsOf, type PlainInstruction } from './instructions.ts';
import { bounds, type Comment, parse } from './parse.ts';
import { readShell } from './shell.ts';
import type { ShellCommand, ShellScript } from './shell-script.ts';
import { stagesOf } from './stages.ts';
import { joined, linesOf, type Pieced, type Place, piecedOf } from './text.ts';

const defaultShell: readonly string[] = ['/bin/sh', '-c'];
const posixShells = /(?:^|\/)(?:ba|da|a|k|mk)?sh$/;

/**
 * A Dockerfile from its bytes.
 * @throws Fault `input-too-large`, `input-empty`
 */
export function readDockerfile(file: string, bytes: Buffer): Dockerfile {
  if (bytes.length > bounds.bytes) {
    throw new Fault('input-too-large', `${file} is over ${bounds.bytes / 1024} KiB`);
  }
  const text = bytes.toString('utf8').replace(/^\ufeff/, '');
  const { escapeSign, directives, comments, problems, ...parsed } = parse(text, file);
  if (parsed.instructions.length === 0) {
    throw new Fault('input-empty', `${file} has no instructions`);
  }
  const plain = parsed.instructions.flatMap((raw) => instructionsOf(raw, escapeSign));
  const instructions = inStages(plain, comments);
  return {
    kind: 'dockerfile',
    ...{ name: file, source: file, file, digest: sha256(bytes) },
    ...{ escapeSign, directives, comments, problems, instructions },
    lines: linesOf(text).map((line) => line.text),
    lineEnd: /^[^\n]*\r\n/.test(text) ? '\r\n' : '\n',
    stages: stagesOf(instructions, escapeSign),
    ignore: undefined,
    built: undefined,
  };
}

/** `# hadolint shell=powershell` says what runs the instructions of a base image. */
const shellPragma = /^#\s*hadolint\s+shell\s*=\s*(\S+)/;

function inStages(plain: readonly PlainInstruction[], comments: readonly Comment[]): Instruction[] {
  const said = new Map(
    comments.flatMap(({ text, about }) => {
      const shell = shellPragma.exec(text)?.[1];
      return shell === undefined ? [] : [[about, shell] as const];
    }),
  );
  let stage = -1;
  let interpreter = defaultShell;
  return plain.map((one) => {
    if (one.keyword === 'FROM' && !one.onBuild) {
      stage += 1;
      interpreter = defaultShell;
    }
    const shell = said.get(one.place.line);
    if (shell !== undefined) interpreter = [shell];
    const instruction = { ...one, stage, interpreter, script: scriptOf(one, interpreter) };
    if (one.keyword === 'SHELL' && !one.onBuild && one.json) interpreter = one.json;
    return instruction;
  });
}

function scriptOf(one: PlainInstruction, interpreter: readonly string[]): ShellScript | undefined {
  if (one.keyword === 'RUN' && one.json) return execScript(one.json, one.body.place(0));
  const text = shellText(one);
  if (!text || !posixShells.test(interpreter[0] ?? '')) return undefined;
  return readShell(text);
}

/** Nothing is filled in without a shell: one command, of words as they are. */
function execScript(list: readonly string[], place: Place): ShellScript {
  const words = list.map((value) => ({ text: value, value, place, expansions: [] }));
  const [program = ''] = list;
  const command: ShellCommand = {
    ...{ name: program.slice(program.lastIndexOf('/') + 1), words, place },
    ...{ assignments: [], redirects: [], isChecked: true, isPiped: false, isNested: false },
  };
  return {
    commands: [command],
    ...{ pipes: [], used: [], bashisms: [], problems: [], fallbacks: [] },
    assigned: new Set(),
  };
}

function shellText({ keyword, json, body, heredocs }: PlainInstruction): Pieced | undefined {
  if (json) return undefined;
  switch (keyword) {
    case 'CMD':
    case 'ENTRYPOINT':
      return body;
    case 'HEALTHCHECK': {
      const prefix = /^CMD\s+/i.exec(body.text)?.[0].length;
      return prefix === undefined ? undefined : body.slice(prefix);
    }
    case 'RUN':
      return heredocs.length === 0 ? body : withHeredocs(body, heredocs);
    default:
      return undefined;
  }
}

/** A document alone is the script; beside a command it is the input of that, as the shell reads it. */
function withHeredocs(body: Pieced, heredocs: PlainInstruction['heredocs']): Pieced | undefined {
  const [first] = heredocs;
  if (first && /^\d*<<-?\S+$/.test(body.text)) {
    const program = /^#!\s*(\S+)(?:\s+(\S+))?/.exec(first.body.text);
    const runs = program?.[1]?.endsWith('/env') ? program[2] : program?.[1];
    return runs === undefined || posixShells.test(runs) ? first.body : undefined;
  }
  const end = body.place(body.text.length);
  const line = (text: string) => piecedOf([{ text, place: end }]);
  const bodies = heredocs.flatMap((one) => [one.body, line(`${one.name}\n`)]);
  return joined([body, line('\n'), ...bodies]);
}
