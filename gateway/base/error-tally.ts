import type { CancelTimer, Clock } from './clock.ts';

interface Entry {
  count: number;
  lastMessage: string;
}

/** Turns repeated faults into one counted log line a minute for each key; lives as long as its owner. */
export class ErrorTally {
  readonly #clock: Clock;
  readonly #report: (key: string, count: number, lastMessage: string) => void;
  readonly #periodMs: number;
  readonly #entries = new Map<string, Entry>();
  #cancel: CancelTimer | undefined;

  constructor(
    clock: Clock,
    report: (key: string, count: number, lastMessage: string) => void,
    periodMs = 60_000,
  ) {
    this.#clock = clock;
    this.#report = report;
    this.#periodMs = periodMs;
  }

  /** Reports the first fault of a key at once and counts those that follow until the period ends. */
  add(key: string, message: string): void {
    const entry = this.#entries.get(key);
    if (entry) {
      entry.count += 1;
      entry.lastMessage = message;
      return;
    }
    this.#entries.set(key, { count: 0, lastMessage: message });
    this.#report(key, 1, message);
    this.#cancel ??= this.#clock.every(this.#periodMs, () => this.flush());
  }

  /** Reports what was counted and forgets keys that have been quiet for a period. */
  flush(): void {
    for (const [key, entry] of this.#entries) {
      if (entry.count === 0) this.#entries.delete(key);
      else this.#report(key, entry.count, entry.lastMessage);
      entry.count = 0;
    }
    if (this.#entries.size === 0) this.stop();
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
