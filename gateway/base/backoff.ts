/** Delays between tries: doubling from `firstMs` to `maxMs`, each spread by ±`jitter` so that a site does not return in step. */
export interface BackoffOptions {
  firstMs: number;
  maxMs: number;
  /** Share of the delay to vary by, 0…1. */
  jitter: number;
  /** A number in [0, 1); tests give their own. */
  random?: () => number;
}

/** Counts failed tries and says how long to wait before the next; one for each connection. */
export class Backoff {
  readonly #options: BackoffOptions;
  #tries = 0;

  constructor(options: BackoffOptions) {
    this.#options = options;
  }

  /** Milliseconds to wait before the next try. */
  nextMs(): number {
    const { firstMs, maxMs, jitter, random = Math.random } = this.#options;
    const base = Math.min(maxMs, firstMs * 2 ** Math.min(this.#tries, 30));
    this.#tries += 1;
    return Math.round(base * (1 + jitter * (random() * 2 - 1)));
  }

  /** Forgets the failures after a success. */
  reset(): void {
    this.#tries = 0;
  }

  /** Failed tries since the last success. */
  get tries(): number {
    return this.#tries;
  }
}
