import { Fault, messageOf } from './fault.ts';

/** Remembers on disk what must be undone should this process die; see leftovers.ts. */
export interface LeftoverLedger {
  record(leftover: { kind: string; ref: string; label: string }): Promise<string>;
  settle(id: string): Promise<void>;
}

interface Step {
  readonly label: string;
  readonly undo: (signal: AbortSignal) => Promise<void> | void;
  readonly deadlineMs: number;
  readonly ledgerId: string | undefined;
}

export interface DeferOptions {
  /** Milliseconds this step may take before it is given up and left to `deploycheck clean`. */
  readonly deadlineMs?: number;
  /** How `deploycheck clean` can undo the step after a crash. */
  readonly leftover?: { readonly kind: string; readonly ref: string };
}

const defaultDeadlineMs = 10_000;

/**
 * Owns what a use case started. Steps run last in first out, each with its own deadline and a fresh
 * signal (the one that ended the run is already aborted). Every step is tried; failures are gathered
 * into one Fault `clean-up-incomplete`, or an AggregateError where one of them is a bug.
 */
export interface Scope extends AsyncDisposable {
  defer(
    label: string,
    undo: (signal: AbortSignal) => Promise<void> | void,
    options?: DeferOptions,
  ): Promise<void>;
}

export function createScope(ledger?: LeftoverLedger): Scope {
  const steps: Step[] = [];

  const undoStep = async (step: Step): Promise<void> => {
    const signal = AbortSignal.timeout(step.deadlineMs);
    const expired = Promise.withResolvers<never>();
    const late = new Expired(`took longer than ${step.deadlineMs} ms`);
    const expire = () => expired.reject(late);
    signal.addEventListener('abort', expire, { once: true });
    try {
      await Promise.race([step.undo(signal), expired.promise]);
      if (step.ledgerId !== undefined) await ledger?.settle(step.ledgerId);
    } catch (error) {
      const cause = signal.aborted ? late : error;
      throw new NotUndone(`could not undo: ${step.label}`, { cause });
    } finally {
      signal.removeEventListener('abort', expire);
    }
  };

  return {
    async defer(label, undo, options = {}) {
      const ledgerId =
        options.leftover && ledger
          ? await ledger.record({ ...options.leftover, label })
          : undefined;
      steps.push({ label, undo, deadlineMs: options.deadlineMs ?? defaultDeadlineMs, ledgerId });
    },
    async [Symbol.asyncDispose]() {
      const failures: NotUndone[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await undoStep(step);
        } catch (error) {
          if (!(error instanceof NotUndone)) throw error;
          failures.push(error);
        }
      }
      if (failures.length > 0) throw incomplete(failures);
    },
  };
}

/** A step that took too long: what it waits for is beyond us. */
class Expired extends Error {
  override readonly name = 'Expired';
}

class NotUndone extends Error {
  override readonly name = 'NotUndone';
}

function incomplete(failures: readonly NotUndone[]): Error {
  const all = new AggregateError(failures, 'clean-up was not complete');
  const isBug = failures.some(({ cause }) => !(cause instanceof Fault || cause instanceof Expired));
  if (isBug) return all;
  const text = failures.map(({ message, cause }) => `${message}: ${messageOf(cause)}`).join('; ');
  return new Fault('clean-up-incomplete', text, { cause: all });
}
