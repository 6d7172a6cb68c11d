/** What a look at the video finds. */
export type StallVerdict = 'moving' | 'waiting' | 'stalled' | 'dead';

const STALLED_MS = 2500;
const DEAD_MS = 9000;

/** Notices by its time that a video stands still; lives as long as one feed. */
export class StallWatch {
  #movedAt: number;
  #currentSec = -1;
  #began = false;

  constructor(nowMs: number) {
    this.#movedAt = nowMs;
  }

  /** One look; `waiting` before the first movement, `dead` when only a new connection can help. */
  look(currentSec: number, nowMs: number): StallVerdict {
    if (currentSec !== this.#currentSec) {
      this.#began ||= this.#currentSec >= 0 && currentSec > 0;
      this.#currentSec = currentSec;
      this.#movedAt = nowMs;
    }
    const stillMs = nowMs - this.#movedAt;
    if (stillMs > DEAD_MS) return 'dead';
    if (!this.#began) return 'waiting';
    return stillMs > STALLED_MS ? 'stalled' : 'moving';
  }
}
