import type { Clock } from '../base/clock.ts';

/** 2020-01-01T00:00:00Z: keeps the numbers within 31 bits, which is all that some players read. */
const EPOCH_MS = 1_577_836_800_000;

/** Numbers for the names of one rendition's files, which caches must never mix up: they grow over restarts and idle times. */
export class NumberSource {
  readonly #clock: Clock;
  #last = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Seconds since 2020, or one more than last time; counting on from it by less than one a second meets no later number. */
  next(): number {
    this.#last = Math.max(this.#last + 1, Math.floor((this.#clock.now() - EPOCH_MS) / 1000));
    return this.#last;
  }
}
