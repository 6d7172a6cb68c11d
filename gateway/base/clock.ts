/** Cancels a timer set through a Clock; calling it twice is harmless. */
export type CancelTimer = () => void;

/** The only source of time and timers in the gateway; injected everywhere so that tests own it. */
export interface Clock {
  /** Wall-clock time in milliseconds since the Unix epoch (UTC). */
  now(): number;
  /** Milliseconds from an arbitrary start that never run backwards. */
  monotonicMs(): number;
  /** Runs `task` once after `delayMs`; the timer alone does not keep the process alive. */
  after(delayMs: number, task: () => void): CancelTimer;
  /** Runs `task` each `intervalMs`; the timer alone does not keep the process alive. */
  every(intervalMs: number, task: () => void): CancelTimer;
}

/** setTimeout's limit (2^31 - 1 ms); longer delays are cut to it. */
const LONGEST_TIMER_MS = 2_147_483_647;

/** The machine's clock; lives as long as the process. */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, task) {
    const timer = setTimeout(task, Math.min(Math.max(0, delayMs), LONGEST_TIMER_MS));
    timer.unref();
    return () => clearTimeout(timer);
  },
  every(intervalMs, task) {
    const timer = setInterval(task, Math.min(intervalMs, LONGEST_TIMER_MS));
    timer.unref();
    return () => clearInterval(timer);
  },
};

/** RFC 3339 UTC with milliseconds, the wire's form of every time. */
export function toRfc3339(epochMs: number): string {
  return new Date(epochMs).toISOString();
}

/** Resolves after `delayMs` of the given clock, or at once when `signal` aborts. */
export function delay(clock: Clock, delayMs: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal?.aborted) return resolve();
    const cancel = clock.after(delayMs, finish);
    function finish(): void {
      cancel();
      signal?.removeEventListener('abort', finish);
      resolve();
    }
    signal?.addEventListener('abort', finish, { once: true });
  });
}
