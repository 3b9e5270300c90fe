import { Worker } from 'node:worker_threads';
import { cacheFolder } from '../../../core/cache-folder.ts';
import { workerModule } from '../../../core/package-root.ts';
import { type Answer, answerSchema, type Request } from './answers.ts';
import type { Artefact } from './artefact.ts';
import type { RulesReply, RulesWorkerData } from './rules-worker.ts';

/** Documents a call: what one that ends the module takes with it. */
const batch = 200;

/** The module, running. */
export interface ServerRules {
  /** @returns an answer for each request, in their order */
  ask(requests: readonly Request[]): Promise<readonly Answer[]>;
  close(): Promise<void>;
}

export interface HostOptions {
  readonly signal?: AbortSignal;
  /** Folder for the unpacked module. */
  readonly folder?: string;
}

/**
 * Runs the module in a thread, because it computes for long without a pause. What it was told to know is
 * told again to the next one when an instance ended.
 * @throws Fault `data-missing`, when asked, if the module is damaged
 */
export function startServerRules(artefact: Artefact, options: HostOptions = {}): ServerRules {
  const { signal, folder = cacheFolder(process.env) } = options;
  const known: Request[] = [];
  let thread: Thread | undefined;

  const running = async (): Promise<Thread> => {
    if (thread) return thread;
    thread = startThread({ artefact, folder });
    if (known.length > 0) await thread.ask(known);
    return thread;
  };
  const end = async (): Promise<void> => {
    const ended = thread;
    thread = undefined;
    await ended?.end();
  };
  // It computes without a look at anything else, so nothing but its end stops it.
  const abort = () => void end();
  signal?.addEventListener('abort', abort, { once: true });

  /** One that ends the instance is looked for by halves, and answered for. */
  const attempt = async (requests: readonly Request[]): Promise<readonly Answer[]> => {
    signal?.throwIfAborted();
    const answers = await (await running()).ask(requests);
    signal?.throwIfAborted();
    if (!('trap' in answers)) return answers;
    await end();
    if (requests.length === 1) return [internal(answers.trap)];
    const half = Math.ceil(requests.length / 2);
    return [...(await attempt(requests.slice(0, half))), ...(await attempt(requests.slice(half)))];
  };

  return {
    async ask(requests) {
      const answers: Answer[] = [];
      for (let at = 0; at < requests.length; at += batch) {
        const part = requests.slice(at, at + batch);
        answers.push(...(await attempt(part)));
        known.push(...part.filter(({ op }) => op !== 'check'));
      }
      return answers;
    },
    async close() {
      signal?.removeEventListener('abort', abort);
      await end();
    },
  };
}

interface Thread {
  ask(requests: readonly Request[]): Promise<readonly Answer[] | { readonly trap: string }>;
  end(): Promise<unknown>;
}

function startThread(workerData: RulesWorkerData): Thread {
  // Node calls its WASI experimental, in a line on standard error that says nothing to users.
  const worker = new Worker(workerModule('rules-worker', import.meta.url), {
    workerData,
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  return {
    ask: (requests) =>
      new Promise((resolve, reject) => {
        const ended = () => {
          worker.off('message', answered);
          worker.off('error', failed);
          worker.off('exit', gone);
        };
        const answered = (reply: RulesReply) => {
          ended();
          resolve('error' in reply ? { trap: reply.error } : answersOf(reply.lines, requests));
        };
        const failed = (error: unknown) => {
          ended();
          reject(error);
        };
        const gone = () => {
          ended();
          resolve({ trap: 'its thread ended' });
        };
        worker.on('message', answered);
        worker.on('error', failed);
        worker.on('exit', gone);
        worker.postMessage(requests.map((request) => JSON.stringify(request)).join('\n'));
      }),
    end: () => worker.terminate(),
  };
}

function answersOf(lines: string, requests: readonly Request[]): readonly Answer[] {
  const answers = lines
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => answerSchema.parse(JSON.parse(line)));
  return requests.map((_, at) => answers[at] ?? internal('no answer'));
}

function internal(message: string): Answer {
  return answerSchema.parse({ verdict: 'internal', message });
}
