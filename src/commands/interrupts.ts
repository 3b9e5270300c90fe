import { Interruption } from '../core/interruption.ts';

/** One AbortSignal for the process: SIGINT, SIGTERM and the deadline abort it, the first reason wins. */
export interface Interrupts extends Disposable {
  readonly signal: AbortSignal;
}

/** @param timeoutMs milliseconds until the deadline; none when undefined. */
export function listenForInterrupts(timeoutMs: number | undefined): Interrupts {
  const controller = new AbortController();
  const abort = (kind: 'SIGINT' | 'SIGTERM' | 'timeout'): void => {
    if (!controller.signal.aborted) {
      controller.abort(new Interruption(kind));
      if (kind !== 'timeout')
        process.stderr.write(`\n${kind}: cleaning up; again to leave at once\n`);
    } else if (kind !== 'timeout') {
      process.stderr.write('left at once; `deploycheck clean` finishes the clean-up\n');
      process.exit(new Interruption(kind).exit);
    }
  };
  const onInterrupt = (): void => abort('SIGINT');
  const onTerminate = (): void => abort('SIGTERM');
  process.on('SIGINT', onInterrupt);
  process.on('SIGTERM', onTerminate);
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => abort('timeout'), timeoutMs);
  return {
    signal: controller.signal,
    [Symbol.dispose]() {
      clearTimeout(timer);
      process.off('SIGINT', onInterrupt);
      process.off('SIGTERM', onTerminate);
    },
  };
}
