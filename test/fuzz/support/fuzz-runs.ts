import { watchFuzzers } from './fuzz-watch.ts';

const seconds = Number(process.env['GANTRY_FUZZ_SECONDS'] ?? 0);

/** How long a fuzzer runs: `usual` cases, or as many as fit into GANTRY_FUZZ_SECONDS where that is set (`npm run fuzz`). */
export function fuzzRuns(usual = 100): { numRuns: number; interruptAfterTimeLimit?: number } {
  if (!(seconds > 0)) return { numRuns: usual };
  return { numRuns: 1_000_000_000, interruptAfterTimeLimit: seconds * 1000 };
}

watchFuzzers();
