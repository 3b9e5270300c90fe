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
 * into one AggregateError.
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
    const expire = () => expired.reject(new Error(`took longer than ${step.deadlineMs} ms`));
    signal.addEventListener('abort', expire, { once: true });
    try {
      await Promise.race([step.undo(signal), expired.promise]);
      if (step.ledgerId !== undefined) await ledger?.settle(step.ledgerId);
    } catch (error) {
      throw new Error(`could not undo: ${step.label}`, { cause: error });
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
      const failures: unknown[] = [];
      for (let step = steps.pop(); step; step = steps.pop()) {
        try {
          await undoStep(step);
        } catch (error) {
          failures.push(error);
        }
      }
      if (failures.length > 0) throw new AggregateError(failures, 'clean-up was not complete');
    },
  };
}
