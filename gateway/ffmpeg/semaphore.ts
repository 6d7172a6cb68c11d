/** Lets at most `places` tasks run at once and at most `queue` more wait, first come first served; lives as long as its owner. */
export class Semaphore {
  #free: number;
  readonly #longestQueue: number;
  readonly #waiting: ((entered: boolean) => void)[] = [];
  #closed = false;

  constructor(places: number, queue: number) {
    this.#free = places;
    this.#longestQueue = queue;
  }

  /** Resolves true when a place is taken (give it back with `leave`), false when the queue is full or closed. */
  enter(): Promise<boolean> {
    if (this.#closed) return Promise.resolve(false);
    if (this.#free > 0) {
      this.#free -= 1;
      return Promise.resolve(true);
    }
    if (this.#waiting.length >= this.#longestQueue) return Promise.resolve(false);
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  leave(): void {
    const next = this.#waiting.shift();
    if (next) next(true);
    else this.#free += 1;
  }

  /** Turns away all that wait and all that come. */
  close(): void {
    this.#closed = true;
    for (const resolve of this.#waiting.splice(0)) resolve(false);
  }
}
