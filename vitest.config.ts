import { defineConfig } from 'vitest/config';

/** `npm run fuzz` gives each fuzzer this much time. */
const fuzzMs = Number(process.env['GANTRY_FUZZ_SECONDS'] ?? 0) * 1000;

/** Unit tests run in parallel; what starts programs, browsers or whole gateways runs in its own project, one file after another. */
export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/unit/**/*.test.{ts,tsx}', 'test/fuzz/**/*.test.ts', 'test/repo/**/*.test.ts'],
          testTimeout: 30_000 + fuzzMs,
          hookTimeout: 60_000,
          setupFiles: ['test/support/fail-on-warning.ts'],
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 120_000,
          hookTimeout: 180_000,
          fileParallelism: false,
        },
      },
    ],
    maxWorkers: 2,
    pool: 'forks',
  },
});
