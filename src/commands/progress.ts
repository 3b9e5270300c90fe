import { styleText } from 'node:util';
import type { Item } from '../checklist/item.ts';
import type { ChecklistEvent } from '../checklist/run.ts';
import type { ItemRecord } from '../core/record.ts';

/** Shows how the items of a checklist get on, on stderr. */
export interface Progress {
  onEvent(event: ChecklistEvent): void;
  /** Resolves when the last line is drawn. */
  close(): Promise<void>;
}

const marks = {
  pass: ['✓', 'green'],
  fail: ['✗', 'red'],
  error: ['!', 'red'],
  stale: ['!', 'red'],
  pending: ['…', 'yellow'],
  waived: ['~', 'yellow'],
  'not-applicable': ['-', 'gray'],
} as const;

export function silentProgress(): Progress {
  return { onEvent() {}, async close() {} };
}

/** One line an item, when it ends: for logs and pipes. */
export function lineProgress(color: boolean): Progress {
  return {
    onEvent(event) {
      if (event.type === 'item-ended') process.stderr.write(`${itemLine(event.result, color)}\n`);
    },
    async close() {},
  };
}

/** Live list of all items, for a terminal. */
export async function taskProgress(items: readonly Item[], color: boolean): Promise<Progress> {
  const { Listr, ListrLogger, ProcessOutput } = await import('listr2');
  const ended = new Map(items.map((item) => [item.id, Promise.withResolvers<ItemRecord>()]));
  const tasks = items.map((item) => ({
    title: `${String(item.n).padStart(2)} ${item.title}`,
    task: async (_: unknown, task: { skip(message: string): void; title?: string }) => {
      const result = await ended.get(item.id)?.promise;
      if (!result) return;
      task.title = itemLine(result, color);
      // The list has three marks: done, skipped, failed.
      if (['fail', 'error', 'stale'].includes(result.status)) throw new Error(task.title);
      if (result.status === 'pending') task.skip(task.title);
    },
  }));
  const output = new ProcessOutput(process.stderr, process.stderr);
  const list = new Listr(tasks, {
    concurrent: true,
    exitOnError: false,
    // Signals belong to the command, which cleans up before it leaves.
    registerSignalListeners: false,
    rendererOptions: { logger: new ListrLogger({ processOutput: output }) },
  });
  const drawn = list.run().catch(() => undefined);
  return {
    onEvent(event) {
      if (event.type === 'item-ended') ended.get(event.item.id)?.resolve(event.result);
    },
    async close() {
      for (const { reject } of ended.values()) reject(new Error('interrupted'));
      await drawn;
    },
  };
}

function itemLine({ n, title, status, reason, durationMs }: ItemRecord, color: boolean): string {
  const [mark, paint] = marks[status];
  const word = `${mark} ${status}`;
  const shown = color ? styleText(paint, word, { validateStream: false }) : word;
  return `${String(n).padStart(2)} ${title}: ${shown} (${durationMs} ms) ${reason}`;
}
