import { defineConfig } from 'vitest/config';

/** `--mode full` rather than a variable in front of the command, which not every shell understands. */
export default defineConfig(({ mode }) => ({
  test: {
    reporters: ['default', './test/closing-line.ts'],
    projects: [
      // Pure functions, on the source.
      { test: { name: 'unit', include: ['test/unit/**/*.test.ts'], testTimeout: 60_000 } },
      // Whatever starts threads or processes, on dist/: worker threads can't load .ts on Node 20.
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          env: { SOCKBENCH_TEST: mode },
        },
      },
    ],
    coverage: { provider: 'v8', include: ['framing/**', 'posix/**', 'servers/**', 'loadgen/**', 'bench/**'] },
  },
}));
