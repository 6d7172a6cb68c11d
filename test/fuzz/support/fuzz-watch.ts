import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import { afterEach, beforeEach, expect } from 'vitest';

/** What may be left of a fuzzer’s cases once they are over: a parser that keeps what it read holds more after a minute. */
const MOST_LEFT_BYTES = 64 * 1024 * 1024;
/** Memory is counted from this case on: the first ones have fast-check make its tables (86 MB for all of Unicode). */
const SETTLED_CASES = 30;
/** One case, small as they are, takes milliseconds; a loaded machine and a garbage collection may come in between. */
const LONGEST_CASE_MS = 3000;
/** A case that does not end at all blocks its whole process: then the process ends, which fails the run. */
const HANG_SEC = 60;

const WATCHDOG = `
const { workerData } = require('node:worker_threads');
const cases = new Int32Array(workerData);
let seen = 0;
let stillSec = 0;
setInterval(() => {
  const now = Atomics.load(cases, 0);
  stillSec = now === seen && Atomics.load(cases, 1) === 1 ? stillSec + 1 : 0;
  seen = now;
  if (stillSec < ${HANG_SEC}) return;
  process.stderr.write('a fuzz case did not end in ${HANG_SEC} s\\n');
  process.kill(process.pid, 'SIGKILL');
}, 1000);
`;

const cases = new Int32Array(new SharedArrayBuffer(8));

/** Holds each fuzzer of the test file to its bounds: no case that hangs or dawdles, no memory that grows with the cases. */
export function watchFuzzers(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const settledBytes = (): number => {
    collect();
    const { heapUsed, arrayBuffers } = process.memoryUsage();
    return heapUsed + arrayBuffers;
  };
  new Worker(WATCHDOG, { eval: true, workerData: cases.buffer }).unref();
  let beganMs = 0;
  let longestMs = 0;
  let done = 0;
  let before = 0;
  fc.configureGlobal({
    ...fc.readConfigureGlobal(),
    beforeEach: () => {
      if (done === SETTLED_CASES) before = settledBytes();
      beganMs = performance.now();
      Atomics.store(cases, 1, 1);
    },
    afterEach: () => {
      longestMs = Math.max(longestMs, performance.now() - beganMs);
      Atomics.add(cases, 0, 1);
      Atomics.store(cases, 1, 0);
      done += 1;
    },
  });
  beforeEach(() => {
    longestMs = 0;
    done = 0;
  });
  afterEach(() => {
    expect(longestMs).toBeLessThan(LONGEST_CASE_MS);
    if (done > SETTLED_CASES) expect(settledBytes() - before).toBeLessThan(MOST_LEFT_BYTES);
  });
}
