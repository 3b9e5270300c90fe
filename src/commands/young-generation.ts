import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** What V8 grows by itself up to three times 16 MiB, and more for what its pages hold outside the heap. */
const largestBytes = 4 * 1024 * 1024;

/**
 * Keeps V8 from growing its young generation further than a stream of small objects needs: with it grows
 * all that waits in there to be collected, buffers above all. The only switch that V8 obeys once it runs
 * is the factor of the next growth (`--semi-space-growth-factor` in its flag-definitions.h).
 */
export function boundYoungGeneration(): void {
  const observer = new PerformanceObserver(() => {
    if (youngBytes() < largestBytes) return;
    observer.disconnect();
    setFlagsFromString('--semi-space-growth-factor=1');
  });
  observer.observe({ entryTypes: ['gc'] });
}

const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
