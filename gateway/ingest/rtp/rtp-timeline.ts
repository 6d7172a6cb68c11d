/** Going back by more than this is a jump of the camera's clock, less is the order of B-frames. */
const MAX_BACK_SEC = 2;
/** Going ahead by more than this, and by much more than time went by, is a jump. */
const MAX_AHEAD_SEC = 10;
const ARRIVAL_SLACK_SEC = 5;

/** Turns the 32-bit timestamps of one stream into a number that neither wraps nor jumps; lives for one run. */
export class RtpTimeline {
  readonly #clockRate: number;
  #last: { timestamp: number; extended: number; arrivalMs: number } | undefined;
  #restarted = false;
  /** Jumps of the camera's clock that were bridged by arrival times. */
  jumps = 0;

  constructor(clockRate: number) {
    this.#clockRate = clockRate;
  }

  /** The extended timestamp, in ticks; `arrivalMs` is monotonic time. */
  extend(timestamp: number, arrivalMs: number): number {
    const last = this.#last;
    let extended = timestamp;
    if (last) {
      const delta = (timestamp - last.timestamp) | 0;
      const passed = ((arrivalMs - last.arrivalMs) * this.#clockRate) / 1000;
      const jumped = this.#restarted || this.#isJump(delta, passed);
      if (jumped) this.jumps += 1;
      extended = last.extended + (jumped ? Math.max(1, Math.round(passed)) : delta);
    }
    this.#restarted = false;
    this.#last = { timestamp, extended, arrivalMs };
    return extended;
  }

  /** The next timestamp has nothing to do with the last: the camera started a new stream. */
  restart(): void {
    this.#restarted = this.#last !== undefined;
  }

  #isJump(delta: number, passed: number): boolean {
    if (delta < -MAX_BACK_SEC * this.#clockRate) return true;
    if (delta < MAX_AHEAD_SEC * this.#clockRate) return false;
    return delta > passed * 1.5 + ARRIVAL_SLACK_SEC * this.#clockRate;
  }
}
