import { defineConfig } from 'vitest/config';

/** `npm run fuzz` gives each fuzzer this much time. */
const fuzzMs = Number(process.env['GANTRY_FUZZ_SECONDS'] ?? 0) * 1000;

/**
 * `scripts/test` runs the suite in two shares side by side: `long` holds what mostly waits, the fuzzers of what cameras send
 * and whole gateways without a browser, `main` the rest. Without a share everything runs, the fuzzers for a moment.
 */
const share = process.env['GANTRY_TEST_SHARE'];
const outageTest = 'test/e2e/snapshot-outage.test.ts';
const cameraFuzzers = ['rtsp', 'sdp', 'rtp', 'h264', 'h265', 'aac'].map(
  (name) => `test/fuzz/${name}.test.ts`,
);

/** Whole gateways without a browser: in the second share where that has a loopback of its own. */
const apartTests = [
  'main-job',
  'hls-conformance',
  'gstreamer',
  'conversion',
  'players',
  'sound',
  'fleet',
  'command-line',
  'tracker',
].map((name) => `test/e2e/${name}.test.ts`);
/** Minutes a round: for a release. */
const skippedUnlessSoak = process.env['GANTRY_SOAK'] === undefined ? ['test/e2e/health-faults.test.ts'] : [];
const isApart = process.env['GANTRY_TESTS_APART'] !== undefined;

const fuzzShare = {
  test: {
    name: 'long',
    include: [outageTest, ...cameraFuzzers],
    testTimeout: 120_000,
    hookTimeout: 180_000,
    setupFiles: ['test/support/fail-on-warning.ts', 'test/support/low-priority.ts'],
  },
};

/** After the fuzzers: the other share is at its browsers by then. */
const apartShare = {
  test: {
    name: 'apart',
    include: apartTests,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    fileParallelism: false,
    sequence: { groupOrder: 1 },
  },
};

/** They search by multicast on the loopback, where all hear all: one after another, and not beside the others. */
const multicastTests = [
  'test/unit/demo-site/site.test.ts',
  'test/unit/discovery/discovery-jobs.test.ts',
  'test/unit/discovery/ws-discovery/announcement-listener.test.ts',
];

/** Unit tests run in parallel; what starts programs, browsers or whole gateways runs after them, one file after another. */
export default defineConfig({
  test: {
    projects:
      share === 'long'
        ? [fuzzShare, ...(isApart ? [apartShare] : [])]
        : [
            {
              test: {
                name: 'unit',
                include: ['test/unit/**/*.test.{ts,tsx}', 'test/fuzz/**/*.test.ts', 'test/repo/**/*.test.ts'],
                exclude: multicastTests,
                testTimeout: 30_000 + fuzzMs,
                hookTimeout: 60_000,
                setupFiles: ['test/support/fail-on-warning.ts'],
              },
            },
            {
              test: {
                name: 'multicast',
                include: multicastTests,
                testTimeout: 30_000,
                hookTimeout: 60_000,
                setupFiles: ['test/support/fail-on-warning.ts'],
                fileParallelism: false,
                sequence: { groupOrder: 1 },
              },
            },
            {
              test: {
                name: 'e2e',
                include: ['test/e2e/**/*.test.ts'],
                exclude: [
                  ...skippedUnlessSoak,
                  ...(share === 'main' ? [outageTest, ...(isApart ? apartTests : [])] : []),
                ],
                testTimeout: 120_000,
                hookTimeout: 180_000,
                fileParallelism: false,
                sequence: { groupOrder: 2 },
              },
            },
          ],
    maxWorkers: 2,
    pool: 'forks',
  },
});
