import { Worker } from 'node:worker_threads';
import { workerModule } from '../../core/package-root.ts';
import type { FileAnswer, FileJob } from './file-worker.ts';

/** They wait for the disk most of the time, however many cores there are. */
const maxThreads = 4;
/** What a thread is given at once, by {@link weightOf}. */
const batch = 64;

/** A thread keeps nothing; what it was handed is not to lie about until there is more of it. */
const resourceLimits = { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 64 };

const [light, heavy] = [1, 8];
const weightOf = ({ do: what }: FileJob): number => (what === 'size' ? light : heavy);

/** Does what small files need in threads of its own, many at a time. */
export interface FileThreads {
  /**
   * @returns what the job is asked for
   * @throws Error with the `code` of the system
   */
  run(job: FileJob): Promise<number | null>;
  /** Ends the threads once they have nothing to do; the next job starts others. */
  close(): void;
}

interface Waiting {
  readonly job: FileJob;
  readonly resolve: (value: number | null) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A small file takes half a dozen calls of the system, each shorter than handing it to another thread
 * takes; so all of them go there together, and with them those of the files that came meanwhile.
 */
export function fileThreads(): FileThreads {
  const waiting: Waiting[] = [];
  const idle: Worker[] = [];
  const threads = new Set<Worker>();
  let scheduled = false;
  let closed = false;

  const start = (): Worker => {
    const worker = new Worker(workerModule('file-worker', import.meta.url), { resourceLimits });
    threads.add(worker);
    worker.once('exit', () => threads.delete(worker));
    return worker;
  };
  /** From here on it is not one that work could wait for. */
  const end = (worker: Worker): void => {
    threads.delete(worker);
    void worker.terminate();
  };
  const release = (worker: Worker): void => {
    // A thread that waits keeps no process alive.
    worker.unref();
    if (closed && waiting.length === 0) end(worker);
    else idle.push(worker);
  };
  const hand = (worker: Worker, jobs: readonly Waiting[]): void => {
    const ended = () => {
      worker.off('message', answered);
      worker.off('error', failed);
    };
    const answered = (answers: readonly FileAnswer[]) => {
      ended();
      for (const [at, answer] of answers.entries()) settle(jobs[at], answer);
      release(worker);
      flush();
    };
    const failed = (error: unknown) => {
      ended();
      threads.delete(worker);
      for (const { reject } of jobs) reject(error);
      flush();
    };
    worker.ref();
    worker.on('message', answered);
    worker.on('error', failed);
    worker.postMessage(jobs.map(({ job }) => job));
  };
  const flush = (): void => {
    scheduled = false;
    while (waiting.length > 0) {
      const worker = idle.pop() ?? (isWorthThread() ? start() : undefined);
      if (!worker) return;
      hand(worker, load());
    }
  };
  // A look is so short that starting a further thread would take longer.
  const isWorthThread = () =>
    threads.size === 0 ||
    (threads.size < maxThreads && waiting.some(({ job }) => weightOf(job) >= heavy));
  const load = (): Waiting[] => {
    let weight = 0;
    const end = waiting.findIndex(({ job }) => {
      weight += weightOf(job);
      return weight > batch;
    });
    return waiting.splice(0, end === -1 ? waiting.length : Math.max(end, 1));
  };

  return {
    run(job) {
      const { promise, resolve, reject } = Promise.withResolvers<number | null>();
      waiting.push({ job, resolve, reject });
      if (!scheduled) setImmediate(flush);
      scheduled = true;
      return promise;
    },
    close() {
      closed = true;
      for (const worker of idle.splice(0)) end(worker);
    },
  };
}

function settle(job: Waiting | undefined, answer: FileAnswer): void {
  if ('value' in answer) job?.resolve(answer.value);
  else job?.reject(Object.assign(new Error(answer.message), { code: answer.code }));
}
