import { defineConfig } from 'vitest/config';

/**
 * `unit` needs no system beside Node, `real` starts what a user has: the built binary, ssh-keygen,
 * git, mounts, a browser; `systems` starts the parts of a test bed that its tests ask for.
 */
export default defineConfig({
  test: {
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 180_000,
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts'],
      // Commands and the worker run in processes of their own, where the end-to-end tests see them.
      exclude: ['src/**/*.test.ts', 'src/commands/**', 'src/main.ts', 'src/**/registry.ts'],
      reporter: ['text-summary', 'lcov'],
      reportOnFailure: true,
      // What runs inside the tests' own process: use cases are mostly driven through the built binary.
      thresholds: { lines: 81, functions: 80, branches: 73 },
    },
    projects: [
      { extends: true, test: { name: 'unit', include: ['src/**/*.test.ts', 'test/*.test.ts'] } },
      {
        extends: true,
        test: {
          name: 'real',
          include: ['test/{e2e,faults,report,secrets}/**/*.test.ts'],
          globalSetup: 'test/global-setup.ts',
        },
      },
      {
        extends: true,
        test: {
          name: 'systems',
          include: ['test/{adapters,flows,shop,testbed}/**/*.test.ts'],
          globalSetup: ['test/global-setup.ts', 'test/global-systems.ts'],
        },
      },
    ],
  },
});
