import { defineConfig } from 'vitest/config';

/** Their tests run side by side, as many as the machine bears; a second file beside them would only make both late. */
const crowded = ['bench', 'chat', 'chat-leaving', 'cli', 'contract', 'evidence/evidence', 'timeline'].map(
  (name) => `test/e2e/${name}.test.ts`,
);

/** `--mode full` rather than a variable in front of the command, which not every shell understands. */
export default defineConfig(({ mode }) => {
  // What a worker has imported serves all its files: none leaves anything behind that another would see.
  const shared = { isolate: false, env: { SOCKBENCH_TEST: mode } };
  // Whatever starts threads or processes, on dist/: worker threads can't load .ts on Node 20.
  const onDist = { ...shared, testTimeout: 180_000, hookTimeout: 180_000 };
  return {
    test: {
      reporters: ['default', './test/closing-line.ts'],
      projects: [
        // Pure functions, on the source.
        {
          test: {
            ...shared,
            name: 'unit',
            include: ['test/unit/**/*.test.ts'],
            testTimeout: 60_000,
            sequence: { groupOrder: 0 },
          },
        },
        {
          test: {
            ...onDist,
            name: 'e2e',
            include: ['test/e2e/**/*.test.ts'],
            exclude: crowded,
            maxWorkers: 3, // they mostly wait
            sequence: { groupOrder: 1 },
          },
        },
        { test: { ...onDist, name: 'crowded', include: crowded, maxWorkers: 1, sequence: { groupOrder: 2 } } },
      ],
      coverage: { provider: 'v8', include: ['framing/**', 'protocol/**', 'posix/**', 'servers/**', 'loadgen/**', 'bench/**'] },
    },
  };
});
