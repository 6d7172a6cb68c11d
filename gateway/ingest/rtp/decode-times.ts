/** Most frames that H.264 and H.265 let a decoder hold back for reordering. */
const MAX_DEPTH = 16;

/**
 * Gives decode times to frames that come in decode order with presentation times, without waiting for later frames: the
 * decode time is the smallest presentation time not given out yet, with `depth` frames held back. One for each epoch.
 */
export class DecodeTimes {
  readonly #depth: number;
  readonly #frameTicks: number;
  /** Presentation times not given out as decode times yet, ascending. */
  readonly #held: number[] = [];
  readonly #recent: number[] = [];
  #last = Number.NEGATIVE_INFINITY;
  #started = 0;

  /** `depth`: frames that may precede a frame in decode order and follow it in presentation (max_num_reorder_frames). */
  constructor(depth: number, frameTicks: number) {
    this.#depth = Math.min(depth, MAX_DEPTH);
    this.#frameTicks = frameTicks;
  }

  /** Decode time for the next frame; grows with every call. */
  next(pts: number): number {
    this.#remember(pts);
    let dts: number;
    if (this.#started < this.#depth) {
      dts = (this.#recent[0] ?? pts) - (this.#depth - this.#started) * this.#frameTicks;
      this.#started += 1;
    } else {
      dts = this.#held.shift() ?? pts;
    }
    this.#last = Math.max(dts, this.#last + 1);
    return this.#last;
  }

  /** The depth that the frames seen so far ask for; above the one given, the given one was too small. */
  depthNeeded(pts: number): number {
    return this.#recent.filter((earlier) => earlier > pts).length;
  }

  #remember(pts: number): void {
    const place = this.#held.findLastIndex((held) => held <= pts);
    this.#held.splice(place + 1, 0, pts);
    this.#recent.push(pts);
    if (this.#recent.length > MAX_DEPTH) this.#recent.shift();
  }
}
