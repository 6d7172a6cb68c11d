import type { CancelTimer, Clock } from '../../gateway/base/clock.ts';

interface Timer {
  dueMs: number;
  order: number;
  intervalMs: number | null;
  task: () => void;
}

/** A Clock whose time moves only when the test says so; timers run in the order of their due times. */
export class FakeClock implements Clock {
  #wallMs: number;
  #elapsedMs = 0;
  #order = 0;
  readonly #timers = new Set<Timer>();

  constructor(startsAtMs: number | string = '2026-11-23T06:00:00.000Z') {
    this.#wallMs = typeof startsAtMs === 'number' ? startsAtMs : Date.parse(startsAtMs);
  }

  now(): number {
    return this.#wallMs;
  }

  monotonicMs(): number {
    return this.#elapsedMs;
  }

  after(delayMs: number, task: () => void): CancelTimer {
    return this.#add(delayMs, null, task);
  }

  every(intervalMs: number, task: () => void): CancelTimer {
    return this.#add(intervalMs, Math.max(1, intervalMs), task);
  }

  /** Timers that wait. */
  get pending(): number {
    return this.#timers.size;
  }

  /** Milliseconds until the next timer is due; null when none waits. */
  get nextInMs(): number | null {
    const next = this.#next(Infinity);
    return next ? next.dueMs - this.#elapsedMs : null;
  }

  /** Moves time on and runs each due timer; promises and I/O callbacks get their turn after each one. */
  async advance(byMs: number): Promise<void> {
    const untilMs = this.#elapsedMs + byMs;
    await settle();
    while (this.#runNext(untilMs)) await settle();
    this.#moveTo(untilMs);
    await settle();
  }

  /** Like `advance`, all within this call: promises do not get their turn in between. */
  advanceNow(byMs: number): void {
    const untilMs = this.#elapsedMs + byMs;
    while (this.#runNext(untilMs));
    this.#moveTo(untilMs);
  }

  /** Sets the wall clock, as an administrator or NTP does; timers and the monotonic time do not notice. */
  setWallClock(epochMs: number | string): void {
    this.#wallMs = typeof epochMs === 'number' ? epochMs : Date.parse(epochMs);
  }

  #add(delayMs: number, intervalMs: number | null, task: () => void): CancelTimer {
    const dueMs = this.#elapsedMs + Math.max(0, delayMs);
    const timer: Timer = { dueMs, order: (this.#order += 1), intervalMs, task };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  #next(untilMs: number): Timer | undefined {
    let next: Timer | undefined;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (!next || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order))
        next = timer;
    }
    return next;
  }

  #runNext(untilMs: number): boolean {
    const timer = this.#next(untilMs);
    if (!timer) return false;
    this.#moveTo(timer.dueMs);
    if (timer.intervalMs === null) this.#timers.delete(timer);
    else timer.dueMs += timer.intervalMs;
    timer.task();
    return true;
  }

  #moveTo(elapsedMs: number): void {
    if (elapsedMs <= this.#elapsedMs) return;
    this.#wallMs += elapsedMs - this.#elapsedMs;
    this.#elapsedMs = elapsedMs;
  }
}

/** Lets promises and callbacks that are ready run; a few turns, since one may start the next. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 4; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
