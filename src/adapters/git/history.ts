import { Readable } from 'node:stream';
import { Fault } from '../../core/fault.ts';
import type { ProcessEnd, ProcessRunner } from '../process/process.ts';
import type { Git, HistoryBlob, HistoryReader } from './git.ts';

const env = {
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  // A partial clone would fetch what it has not, from wherever its configuration says.
  GIT_NO_LAZY_FETCH: '1',
};

/** Different contents of files in one history; the largest public repositories have a few million. */
const maxBlobs = 5_000_000;

/** See {@link Git.history}. Three programs hand on to one another, so nothing is held but names. */
export function createHistory(processes: ProcessRunner): Git['history'] {
  return async (folder, paths, signal, reader) => {
    const options = { cwd: folder, env, signal, failure };
    const said = await processes.run('git', ['rev-parse', '--is-shallow-repository'], options);
    if (said.exitCode !== 0) throw failure(said);
    const list = ['rev-list', '--all', '--topo-order', '--reverse'];
    const tree = ['diff-tree', '--stdin', '-r', '-m', '--root', '--raw', '-z', '--relative'];
    const changes = [...tree, '--no-renames', '--no-abbrev', '--', ...paths];
    const awaited: HistoryBlob[] = [];
    let commits = 0;
    const onCommit = () => {
      commits++;
    };
    await processes.stream('git', list, {
      ...options,
      output: (ids) =>
        processes.stream('git', changes, {
          ...options,
          input: ids,
          output: (raw) =>
            processes.stream('git', ['cat-file', '--batch'], {
              ...options,
              input: Readable.from(objectNames(raw, awaited, onCommit)),
              output: (contents) => readContents(contents, awaited, reader),
            }),
        }),
    });
    return { commits, isShallow: said.stdout.trim() === 'true' };
  };
}

function failure({ exitCode, stderr }: ProcessEnd): Error {
  const why = stderr.trim().split('\n')[0] || `git ended with ${exitCode}`;
  return /not a git repository/i.test(why)
    ? new Fault('input-missing', 'there is no history: this is no git repository')
    : new Fault('tool-failed', `git cannot show the history: ${why}`);
}

/**
 * The names of the contents that `git diff-tree --stdin -z` tells of, each once, as `git cat-file` reads them. Of
 * merges every parent is compared with, so that what a merge alone brought is seen.
 */
async function* objectNames(
  raw: AsyncIterable<Uint8Array>,
  awaited: HistoryBlob[],
  onCommit: () => void,
): AsyncGenerator<string> {
  const seen = new Set<string>();
  let commit = '';
  let object = '';
  let skip = false;
  for await (const words of wordsOf(raw)) {
    let names = '';
    for (const word of words) {
      if (object !== '') {
        awaited.push({ commit, path: word.toString('utf8'), object });
        names += `${object}\n`;
        object = '';
        continue;
      }
      if (skip) {
        skip = false;
        continue;
      }
      const text = word.toString('latin1');
      const change = /^:\d{6} (\d{6}) [0-9a-f]+ ([0-9a-f]+) [A-Z]/.exec(text);
      if (!change) {
        if (text !== commit) onCommit();
        commit = text;
        continue;
      }
      const [, mode = '', name = ''] = change;
      // Only files and links have a content; a path follows every change.
      const isNew = /^1[02]/.test(mode) && !seen.has(name);
      if (isNew) {
        if (seen.size === maxBlobs) {
          throw new Fault('input-too-large', `the history has more than ${maxBlobs} contents`);
        }
        seen.add(name);
        object = name;
      } else skip = true;
    }
    if (names !== '') yield names;
  }
}

/** What stands between zero bytes, all that a chunk completes at once. */
async function* wordsOf(raw: AsyncIterable<Uint8Array>): AsyncGenerator<Buffer[]> {
  let rest = Buffer.alloc(0);
  for await (const chunk of raw) {
    const bytes = Buffer.concat([rest, chunk]);
    const words: Buffer[] = [];
    let from = 0;
    for (let end = bytes.indexOf(0); end !== -1; end = bytes.indexOf(0, from)) {
      words.push(bytes.subarray(from, end));
      from = end + 1;
    }
    rest = bytes.subarray(from);
    yield words;
  }
}

/** Reads what `git cat-file --batch` writes: a line with the size, that many bytes, and the end of a line. */
async function readContents(
  contents: AsyncIterable<Uint8Array>,
  awaited: HistoryBlob[],
  reader: HistoryReader,
): Promise<void> {
  let header = Buffer.alloc(0);
  let blob: HistoryBlob | undefined;
  /** Bytes of the content that are still to come, and the end of the line behind it. */
  let left = 0;
  let next = 0;
  for await (const chunk of contents) {
    let bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    while (bytes.length > 0) {
      if (blob && left > 1) {
        const part = bytes.subarray(0, left - 1);
        reader.content(part);
        left -= part.length;
        bytes = bytes.subarray(part.length);
      } else if (blob) {
        reader.end();
        blob = undefined;
        bytes = bytes.subarray(1);
      } else {
        const end = bytes.indexOf(10);
        header = Buffer.concat([header, end === -1 ? bytes : bytes.subarray(0, end)]);
        if (end === -1) break;
        bytes = bytes.subarray(end + 1);
        const told = awaited[next++];
        // Names that were answered are let go now and then, so that the list stays short.
        if (next > 10_000) next -= awaited.splice(0, next).length;
        const size = /^[0-9a-f]+ blob (\d+)$/.exec(header.toString('latin1'))?.[1];
        header = Buffer.alloc(0);
        if (!told) throw new Fault('tool-failed', 'git told of a content nobody asked for');
        if (size === undefined) reader.missing(told);
        else {
          blob = told;
          left = Number(size) + 1;
          reader.begin(told);
        }
      }
    }
  }
}
