import type { Clock } from '../base/clock.ts';

/** Formats of all cameras that a gateway may have, and more. */
const MOST_KEYS = 1024;

/** Remembers keys for a while since they were added last; the oldest make room for new ones. */
export class RecentKeys {
  readonly #clock: Clock;
  readonly #keepMs: number;
  readonly #addedMs = new Map<string, number>();

  constructor(clock: Clock, keepMs: number) {
    this.#clock = clock;
    this.#keepMs = keepMs;
  }

  has(key: string): boolean {
    const addedMs = this.#addedMs.get(key);
    return addedMs !== undefined && this.#clock.monotonicMs() - addedMs < this.#keepMs;
  }

  add(key: string): void {
    this.#addedMs.delete(key);
    this.#addedMs.set(key, this.#clock.monotonicMs());
    for (const oldest of this.#addedMs.keys()) {
      if (this.#addedMs.size <= MOST_KEYS) return;
      this.#addedMs.delete(oldest);
    }
  }
}
